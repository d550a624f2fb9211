import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  MS_PER_DAY,
  msBetween,
  previousTick,
} from '../../../shared/domain/time/time.ts';
import { toArxivId } from '../../factories/arxiv.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { dueAtOf, dueDigestsOf } from '../../flow/crowd.ts';
import { pickOne, type Random } from '../../simulation/seeded-random.ts';
import { ARXIV_LISTS, type Batches, createBatches } from '../services/batches.ts';
import type { DailyLists } from '../services/source.ts';

/** A Monday, so weekly digests are due as well. */
export const START: Instant = '2026-02-02T00:00:00.000Z';
export const DAYS = 2;
export const TICK_MS = 15 * 60_000;

/** The zones whose offset {@link dueDigestsOf} knows. */
export const ZONES = ['UTC', 'Asia/Kathmandu', 'America/New_York'] as const;

const PAPERS_A_DAY = 4;

/** Without faults, a cohort is planned, fanned out and mailed within this time. */
const MAILED_WITHIN_MS = 6_000;

/**
 * Readers with a daily digest, and some with a weekly or an instant one too. All follow Hugging Face, and most follow arXiv too. About half are in one cohort with several
 * batches. The others are in a few small ones.
 */
export function createCrowd(random: Random, count: number): readonly Subscriber[] {
  return Array.from({ length: count }, (_, n) => {
    const isInLarge = random() < 0.5;
    const also = random() < 0.15 ? pickOne(['weekly', 'instant'] as const, random) : undefined;
    const lists = ['hf-daily', ...ARXIV_LISTS.filter(() => random() < 0.6)];
    return createSubscriber({
      id: `reader-${String(n).padStart(3, '0')}`,
      timeZone: isInLarge ? 'UTC' : pickOne(ZONES, random),
      hour: isInLarge ? 8 : pickOne([7, 8], random),
      format: 'text',
      subscriptions: [
        createSubscription({ lists, maxPapers: 1 }),
        ...(also ? [createSubscription({ id: 's2', lists, cadence: also, maxPapers: 1 })] : []),
      ],
    });
  });
}

/** Enough papers for every digest to have one that its reader was not sent. Two of each day are of arXiv too, one of them of no followed category. */
export function createLists(): DailyLists {
  const today = START.slice(0, 10);
  return new Map(
    daysFrom(addDays(today, -4), addDays(today, DAYS)).map((day) => [
      day,
      [
        ...Array.from({ length: PAPERS_A_DAY }, (_, n) => toPaperId(day, n)),
        toArxivId(day, 1),
        toArxivId(day, 4),
      ],
    ]),
  );
}

/** The batches of arXiv, from the Friday before. They go on until the last message can have been handled. */
export function createAnnouncements(): Batches {
  return createBatches(addDays(START.slice(0, 10), -3), addDays(START.slice(0, 10), 30));
}

function toPaperId(day: Day, n: number): string {
  const [year = '', month, dayOfMonth] = day.split('-');
  return `${year.slice(2)}${month}.0${dayOfMonth}0${n}`;
}

/** Returns the digests that are due if nobody changes anything, by plain arithmetic: `reader-001 daily 2026-02-02`. */
export function toDue(crowd: readonly Subscriber[]): readonly string[] {
  const spans = Array.from({ length: DAYS }, (_, n) => ({
    after: addMs(n === 0 ? previousTick(START) : addMs(START, -TICK_MS), n * MS_PER_DAY),
    until: addMs(START, (n + 1) * MS_PER_DAY - TICK_MS),
  }));
  return crowd.flatMap((reader) => spans.flatMap((span) => dueDigestsOf(reader, span)));
}

/** Returns a time after the start at which a reader is being mailed on one of the days, in milliseconds. */
export function msUntilMailed(reader: Subscriber, random: Random): number {
  const day = addDays(START.slice(0, 10), Math.floor(random() * DAYS));
  return msBetween(START, dueAtOf(reader, day)) + random() * MAILED_WITHIN_MS;
}
