import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { addCounts, type OutcomeCounts } from '../../shared/domain/delivery.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { DEFAULT_SORT } from '../../shared/domain/sort.ts';
import type { Subscriber, Subscription } from '../../shared/domain/subscriber.ts';
import { addDays, addMs, type Day, type Instant, MS_PER_HOUR } from '../../shared/domain/time.ts';
import type { EditionBatch } from '../../shared/ports/planning.ts';
import { cohortMessageSchema } from '../../shared/ports/queues.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import { type DailyPapersAnswer, startDailyPapersServer } from '../hugging-face/server.ts';
import { createKeys } from '../keys.ts';
import { createManualClock } from '../manual-clock.ts';
import { createLocalPublication, type System, startSystem } from '../system.ts';
import { createErrorTelemetry } from '../telemetry.ts';
import { type DemoSummary, toTotals } from './summary.ts';
import { writeMails } from './write-mails.ts';

export interface DemoOptions {
  /** The last day of listings. The cycle runs at 08:00 UTC of the day after. */
  readonly date: Day;
  /** Where the lists come from: a URL, or answers for a loopback server to give. */
  readonly lists:
    | { readonly url: string }
    | { readonly answer: (clock: { now(): Instant }) => DailyPapersAnswer };
  /** The folder for the mails as `.eml`, `.html` and `.txt`. Mails of an earlier run are deleted first. */
  readonly outbox: string;
}

/** Runs one full cycle without waiting: ingests, plans, fans out, and mails three demo subscribers. */
export async function runDemo({ date, lists, outbox }: DemoOptions): Promise<DemoSummary> {
  const dueAt = `${addDays(date, 1)}T08:00:00.000Z`;
  const clock = createManualClock(addMs(dueAt, -MS_PER_HOUR));
  const workFolder = await mkdtemp(join(tmpdir(), 'broadsheet-demo-'));
  const refusals = new Map<Day, string>();
  const server =
    'answer' in lists
      ? await startDailyPapersServer({ answer: noteRefusals(lists.answer(clock), refusals), clock })
      : undefined;
  const keys = createKeys();
  const subscribers = createDemoSubscribers(dueAt, keys.idKey);
  const system = await startSystem({
    clock,
    timer: clock,
    outboxFolder: workFolder,
    sourceUrls: { 'hf-daily': 'url' in lists ? lists.url : `${server?.url}/api/daily_papers` },
    keys,
    publication: createLocalPublication('http://localhost:4310'),
    telemetry: createErrorTelemetry((line) => process.stderr.write(`${line}\n`)),
  });
  try {
    for (const subscriber of subscribers) await system.repositories.subscribers.save(subscriber);
    await system.functions.planDigests();
    clock.moveTo(dueAt);
    const ingested = await system.functions.ingestPapers('hf-daily');
    await system.functions.planDigests();
    const { due, counts } = await workOff(system);
    await writeMails(system.aws.sesServer.store, outbox, subscribers);
    const problems = ingested.problems.map((problem) => nameCause(problem, refusals));
    return { ...ingested, problems, due, ...toTotals(counts), outbox };
  } finally {
    await system.close();
    await server?.close();
    await rm(workFolder, { recursive: true });
  }
}

/** Wraps the answers and notes why a day was refused, because HTTP reduces the reason to a 500. */
function noteRefusals(answer: DailyPapersAnswer, refusals: Map<Day, string>): DailyPapersAnswer {
  return async (day) => {
    try {
      return await answer(day);
    } catch (error) {
      if (error instanceof InvalidInputError) refusals.set(day, error.message);
      throw error;
    }
  };
}

/** Replaces `HTTP 500` in a source's problem, `2026-01-06 page 0: HTTP 500`, with the noted reason. */
function nameCause(problem: string, refusals: ReadonlyMap<Day, string>): string {
  const [asked = ''] = problem.split(': ', 1);
  const refusal = refusals.get(asked.slice(0, 10));
  return refusal === undefined ? problem : `${asked}: ${refusal}`;
}

/** Fans out and sends all planned digests, and adds up the counts of their editions. */
async function workOff(system: System): Promise<{ due: number; counts: OutcomeCounts }> {
  const planned = system.aws
    .backlog('cohorts')
    .map((body) => cohortMessageSchema.parse(JSON.parse(body)).edition);
  await system.drain();
  const batches: EditionBatch[] = [];
  for (const edition of planned) {
    for await (const batch of system.repositories.editions.loadBatches(edition)) batches.push(batch);
  }
  return {
    due: batches.reduce((sum, { subscriberIds }) => sum + subscriberIds.length, 0),
    counts: addCounts(batches.map((batch) => batch.counts ?? {})),
  };
}

type SubscriptionFields = Pick<Subscription, 'query' | 'cadence' | 'maxPapers'>;

/**
 * Returns three subscribers in three time zones, each with a different cadence. All are due at the given time.
 *
 * @param dueAt a full hour of UTC
 */
export function createDemoSubscribers(dueAt: Instant, idKey: string): readonly Subscriber[] {
  const subscribe = (
    name: string,
    timeZone: string,
    format: Subscriber['format'],
    subscriptions: readonly SubscriptionFields[],
  ): Subscriber => {
    const local = Temporal.Instant.from(dueAt).toZonedDateTimeISO(timeZone);
    return createNewSubscriber(
      {
        address: `${name}@readers.example`,
        status: 'confirmed',
        timeZone,
        hour: local.hour,
        weekday: local.dayOfWeek,
        format,
        subscriptions: subscriptions.map((subscription) => ({
          lists: ['hf-daily'],
          sort: DEFAULT_SORT,
          ...subscription,
        })),
        consent: { at: dueAt, from: 'the demo', text: 'A subscriber made up for the demo.' },
        cause: { at: dueAt, by: 'operator' },
      },
      idKey,
    );
  };
  return [
    subscribe('ada', 'Europe/Berlin', 'html', [{ query: '', cadence: 'daily', maxPapers: 10 }]),
    subscribe('ben', 'America/New_York', 'html', [
      { query: 'reasoning', cadence: 'weekly', maxPapers: 5 },
      { query: 'video', cadence: 'weekly', maxPapers: 5 },
    ]),
    subscribe('chandra', 'Asia/Kolkata', 'text', [{ query: 'agents', cadence: 'instant', maxPapers: 5 }]),
  ];
}
