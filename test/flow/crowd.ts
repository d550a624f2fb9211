import { type DeliveryKey, deliveryKeySchema } from '../../shared/domain/digests/delivery.ts';
import { type Cadence, cadences } from '../../shared/domain/subscribers/cadence.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  isoWeekdayOf,
} from '../../shared/domain/time/time.ts';
import { BATCH_SIZE } from '../../shared/ports/queues.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { fc } from '../fast-check.ts';

/** A Friday. The next Sunday is the first of a month, and a week begins on the Monday after it. */
export const START: Instant = '2026-01-30T00:07:00.000Z';

const FIRST_MONDAY = '2026-01-26';
const FIRST_WEEK = 5;
const MINUTE_MS = 60_000;

/** Offsets east of UTC in minutes, in January 2026. None of these zones changes its clocks then. */
const OFFSETS: Readonly<Record<string, number>> = {
  UTC: 0,
  'Asia/Kathmandu': 345,
  'America/New_York': -300,
};

/** How a subscriber differs from the others. */
interface Person {
  readonly timeZone: string;
  readonly hour: number;
  readonly weekday: number;
  readonly cadences: readonly Cadence[];
  readonly status: Subscriber['status'];
}

export interface Crowd {
  readonly people: readonly Person[];
  /** How many more subscribers are like the first. */
  readonly alike: number;
}

const personArbitrary: fc.Arbitrary<Person> = fc.record({
  timeZone: fc.constantFrom(...Object.keys(OFFSETS)),
  // Few enough for some to share a cohort.
  hour: fc.constantFrom(0, 8, 23),
  weekday: fc.constantFrom(1, 6),
  cadences: fc.uniqueArray(fc.constantFrom(...cadences), { minLength: 1 }),
  status: fc.oneof(
    { weight: 4, arbitrary: fc.constant('confirmed' as const) },
    { weight: 1, arbitrary: fc.constantFrom('unconfirmed' as const, 'paused' as const) },
  ),
});

/** A few subscribers, and sometimes more than a batch of them in one cohort. */
export const crowdArbitrary: fc.Arbitrary<Crowd> = fc.record({
  people: fc.array(personArbitrary, { minLength: 1, maxLength: 8, size: 'max' }),
  alike: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(BATCH_SIZE) },
  ),
});

export function toSubscribers({ people, alike }: Crowd): readonly Subscriber[] {
  const others = people.slice(0, 1).flatMap((person) => Array.from({ length: alike }, () => person));
  return [...people, ...others].map(({ cadences: wanted, ...profile }, n) =>
    createSubscriber({
      ...profile,
      id: `reader-${String(n).padStart(2, '0')}`,
      subscriptions: wanted.map((cadence, position) =>
        createSubscription({ id: `s${position}`, cadence, maxPapers: 1 }),
      ),
    }),
  );
}

/** Returns the name of a digest: `reader-01 daily 2026-01-31`. */
export function toDigestName(key: { subscriberId: string; cadence: string; period: string }): string {
  return `${key.subscriberId} ${key.cadence} ${key.period}`;
}

/** Returns the key of a digest with this name. */
export function parseDigestName(name: string): DeliveryKey {
  const [subscriberId, cadence, period] = name.split(' ');
  return deliveryKeySchema.parse({ subscriberId, cadence, period });
}

/** The ticks that one run planned: after `after`, up to `until`. */
export interface PlannedSpan {
  readonly after: Instant;
  readonly until: Instant;
}

/** Returns when a subscriber's digests of a local day are due, by the same arithmetic. */
export function dueAtOf({ timeZone, hour }: Pick<Subscriber, 'timeZone' | 'hour'>, day: Day): Instant {
  const offsetMs = (OFFSETS[timeZone] ?? Number.NaN) * MINUTE_MS;
  return addMs(`${day}T${String(hour).padStart(2, '0')}:00:00.000Z`, -offsetMs);
}

/**
 * Returns the digests that a planned span owes a subscriber, without instant ones: the newest one of each cadence that came due. They
 * follow by arithmetic from the offsets above.
 */
export function dueDigestsOf(subscriber: Subscriber, { after, until }: PlannedSpan): readonly string[] {
  const days = daysFrom(addDays(after.slice(0, 10), -1), addDays(until.slice(0, 10), 1)).filter((day) => {
    const dueAt = dueAtOf(subscriber, day);
    return dueAt > after && dueAt <= until;
  });
  return subscriber.subscriptions.flatMap(({ cadence }) =>
    days
      .flatMap((day) => periodsOn(cadence, day, subscriber.weekday))
      .slice(-1)
      .map((period) => toDigestName({ subscriberId: subscriber.id, cadence, period })),
  );
}

function periodsOn(cadence: Cadence, day: string, weekday: number): readonly string[] {
  switch (cadence) {
    case 'instant':
      return [];
    case 'daily':
      return [day];
    case 'weekly':
      return isoWeekdayOf(day) === weekday ? [`2026-W0${FIRST_WEEK + weeksSince(day)}`] : [];
    case 'monthly':
      return day.slice(8) === '01' ? [day.slice(0, 7)] : [];
    default:
      return cadence satisfies never;
  }
}

function weeksSince(day: string): number {
  return day < addDays(FIRST_MONDAY, 7) ? 0 : 1 + weeksSince(addDays(day, -7));
}
