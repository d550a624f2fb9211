import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { IngestPapersResult } from '../../functions/ingest-papers/handler.ts';
import { addCounts, type OutcomeCounts } from '../../shared/domain/digests/delivery.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { ListId } from '../../shared/domain/lists/lists.ts';
import { DEFAULT_SORT } from '../../shared/domain/papers/sort.ts';
import { MAX_LISTS, type Subscriber, type Subscription } from '../../shared/domain/subscribers/subscriber.ts';
import {
  addDays,
  addMs,
  type Day,
  type Instant,
  MS_PER_DAY,
  MS_PER_HOUR,
  toEpochMs,
} from '../../shared/domain/time/time.ts';
import { MAX_NAMED } from '../../shared/pipeline/ingest.ts';
import type { EditionBatch } from '../../shared/ports/planning.ts';
import { cohortMessageSchema } from '../../shared/ports/queues.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import { createArxiv } from '../arxiv/arxiv.ts';
import type { ArxivReplay, RecordedBatch } from '../arxiv/replay.ts';
import { startArxivServer } from '../arxiv/server.ts';
import { createFolder } from '../create-folder.ts';
import type { LoopbackServer } from '../emulators/loopback.ts';
import { type DailyPapersAnswer, startDailyPapersServer } from '../hugging-face/server.ts';
import { createKeys } from '../keys.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { createLocalPublication, type System, startSystem } from '../system.ts';
import { createErrorTelemetry } from '../telemetry.ts';
import { type DemoSummary, toTotals } from './summary.ts';
import { writeMails } from './write-mails.ts';

export interface DemoOptions {
  /** The last day of listings. The cycle runs at 05:00 UTC of the day after, before the next batch of arXiv is late. */
  readonly date: Day;
  /** Where the list of Hugging Face comes from: a URL, or answers for a loopback server to give. @default it is not read */
  readonly lists?:
    | { readonly url: string }
    | { readonly answer: (clock: { now(): Instant }, report: (problem: string) => void) => DailyPapersAnswer }
    | undefined;
  /** Batches of arXiv, oldest first. Each is read on its day. @default none */
  readonly batches?: readonly RecordedBatch[];
  /** Papers of arXiv that are in no batch. @default none */
  readonly papers?: ArxivReplay['papers'] | undefined;
  /** What could not be read of the recordings of arXiv. @default nothing */
  readonly unread?: UnreadRecordings | undefined;
  /** The folder for the mails as `.eml`, `.html` and `.txt`. Mails of an earlier run are deleted first. */
  readonly outbox: string;
}

/** Items and recordings that could not be read. */
export type UnreadRecordings = Pick<ArxivReplay, 'rejections' | 'problems'>;

/**
 * Runs one full cycle without waiting: ingests, plans, fans out, and mails three demo subscribers.
 *
 * @throws InvalidInputError if the recordings or the folder for the mails cannot be used
 */
export async function runDemo(options: DemoOptions): Promise<DemoSummary> {
  const closers: (() => Promise<void>)[] = [];
  try {
    return await runCycle(await startDemo(options, closers), options);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** The system and the outside world of a demo. */
interface Demo {
  readonly system: System;
  readonly clock: ManualClock;
  readonly subscribers: readonly Subscriber[];
  /** When the planner runs first, if no list is read before. */
  readonly planAt: Instant;
  readonly dueAt: Instant;
  /** When each batch of arXiv is read. */
  readonly readAt: readonly Instant[];
  /** Why a day of Hugging Face was refused. */
  readonly refusals: ReadonlyMap<Day, string>;
  /** What could not be read of the recordings. */
  readonly broken: ReadonlySet<string>;
}

/** Starts the servers and the system. Adds to `closers` what stops each, as soon as it runs. */
async function startDemo(
  { date, lists, batches = [], papers = [], unread, outbox }: DemoOptions,
  closers: (() => Promise<void>)[],
): Promise<Demo> {
  const dueAt = `${addDays(date, 1)}T05:00:00.000Z`;
  const planAt = addMs(dueAt, -MS_PER_HOUR);
  const readAt = [...new Set(batches.map(({ day }) => toReadAt(day)))];
  const clock = createManualClock(readAt[0] ?? planAt);
  const refusals = new Map<Day, string>();
  const broken = new Set(unread?.problems);
  let hfUrl = lists && 'url' in lists ? lists.url : undefined;
  if (lists && 'answer' in lists) {
    const answer = lists.answer(clock, (problem) => broken.add(problem));
    const server = await startDailyPapersServer({ answer: answerUpTo(date, answer, refusals), clock });
    closers.push(() => server.close());
    hfUrl = `${server.url}/api/daily_papers`;
  }
  // After the recordings, so that a wrong folder of recordings leaves nothing behind.
  await createFolder(outbox, '--out');
  const arxiv = batches.length > 0 ? await serveArxiv({ batches, papers }, clock) : undefined;
  if (arxiv) closers.push(() => arxiv.close());
  const keys = createKeys();
  const ids: DemoLists = {
    hf: lists ? ['hf-daily'] : [],
    arxiv: [...new Set(batches.flatMap(({ categories }) => categories))].map(
      (category) => `arxiv/${category}`,
    ),
  };
  const subscribers = createDemoSubscribers(dueAt, keys.idKey, ids);
  const workFolder = await mkdtemp(join(tmpdir(), 'broadsheet-demo-'));
  closers.push(() => rm(workFolder, { recursive: true }));
  const system = await startSystem({
    clock,
    timer: clock,
    outboxFolder: workFolder,
    lists: [...ids.hf, ...ids.arxiv].join(','),
    sourceUrls: { ...(hfUrl !== undefined && { 'hf-daily': hfUrl }), ...(arxiv && { arxiv: arxiv.url }) },
    http: { now: () => toEpochMs(clock.now()), sleep: (ms) => clock.wait(ms) },
    keys,
    publication: createLocalPublication('http://localhost:4310'),
    telemetry: createErrorTelemetry((line) => process.stderr.write(`${line}\n`)),
  });
  closers.push(() => system.close());
  return { system, clock, subscribers, planAt, dueAt, readAt, refusals, broken };
}

/** Ingests, plans, fans out and sends, moves the clock between, and writes the mails. */
async function runCycle(
  { system, clock, subscribers, planAt, dueAt, readAt, refusals, broken }: Demo,
  { lists, unread, outbox }: DemoOptions,
): Promise<DemoSummary> {
  const { planDigests, ingestPapers } = system.functions;
  for (const subscriber of subscribers) await system.repositories.subscribers.save(subscriber);
  const ingested: IngestPapersResult[] = [];
  // The planner starts before the newest papers come, so that they are news to readers of instant digests.
  const newestAt = readAt.at(-1) ?? planAt;
  const startAt = newestAt > addMs(dueAt, -MS_PER_DAY) ? newestAt : planAt;
  for (const at of readAt) {
    if (at > clock.now()) clock.moveTo(at);
    if (at === startAt) await planDigests();
    ingested.push(await ingestPapers('arxiv'));
  }
  clock.moveTo(planAt);
  if (startAt === planAt) await planDigests();
  clock.moveTo(dueAt);
  if (lists) ingested.push(await ingestPapers('hf-daily'));
  // arXiv may know more of the papers of Hugging Face. All of them are counted already.
  if (lists && readAt.length > 0)
    ingested.push({ ...(await ingestPapers('arxiv')), itemsRead: 0, papersIngested: 0 });
  await planDigests();
  const { due, counts } = await workOff(system);
  await writeMails(system.aws.sesServer.store, outbox, subscribers);
  return {
    ...addUp(ingested, refusals, { rejections: unread?.rejections ?? [], problems: [...broken] }),
    due,
    ...toTotals(counts),
    outbox,
  };
}

/** The lists of the demo, by source. */
export interface DemoLists {
  readonly hf: readonly ListId[];
  readonly arxiv: readonly ListId[];
}

/** A batch of arXiv is read before noon in New York. */
function toReadAt(day: Day): Instant {
  return `${day}T15:00:00.000Z`;
}

async function serveArxiv(
  { batches, papers }: Pick<ArxivReplay, 'batches' | 'papers'>,
  clock: ManualClock,
): Promise<LoopbackServer> {
  const model = createArxiv({ clock, timer: clock });
  for (const { day, announcements } of batches) model.announce(day, announcements);
  model.add(papers);
  return startArxivServer(model);
}

function addUp(
  runs: readonly IngestPapersResult[],
  refusals: ReadonlyMap<Day, string>,
  { rejections, problems: broken }: UnreadRecordings,
) {
  const sum = (count: (run: IngestPapersResult) => number) =>
    runs.reduce((total, run) => total + count(run), 0);
  const problems = runs.flatMap((run) => run.problems).map((problem) => nameCause(problem, refusals));
  return {
    itemsRead: sum(({ itemsRead }) => itemsRead) + rejections.length,
    itemsRejected: sum(({ itemsRejected }) => itemsRejected) + rejections.length,
    rejections: [...rejections, ...runs.flatMap((run) => run.rejections)].slice(0, MAX_NAMED),
    recordingsBroken: broken.length,
    papersIngested: sum(({ papersIngested }) => papersIngested),
    // A broken recording may also be why a list could not be read.
    problems: [
      ...broken.filter((reason) => !problems.some((problem) => problem.endsWith(reason))),
      ...problems,
    ],
  };
}

/** Wraps the answers and notes why a day was refused, because HTTP reduces the reason to a 500. */
function answerUpTo(last: Day, answer: DailyPapersAnswer, refusals: Map<Day, string>): DailyPapersAnswer {
  return async (day) => {
    if (day > last) return undefined;
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

type SubscriptionFields = Pick<Subscription, 'lists' | 'query' | 'cadence' | 'maxPapers'>;

/**
 * Returns three subscribers in three time zones, each with a different cadence. All are due at the given time. The digest of the first
 * has a section for each source.
 *
 * @param dueAt a full hour of UTC
 */
export function createDemoSubscribers(
  dueAt: Instant,
  idKey: string,
  { hf, arxiv }: DemoLists,
): readonly Subscriber[] {
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
        subscriptions: subscriptions.map((subscription) => ({ sort: DEFAULT_SORT, ...subscription })),
        consent: { at: dueAt, from: 'the demo', text: 'A subscriber made up for the demo.' },
        cause: { at: dueAt, by: 'operator' },
      },
      idKey,
    );
  };
  const all = [...hf, ...arxiv].slice(0, MAX_LISTS);
  const bySource = [hf, arxiv.slice(0, MAX_LISTS)].filter((lists) => lists.length > 0);
  return [
    subscribe(
      'ada',
      'Europe/Berlin',
      'html',
      bySource.map((lists) => ({ lists: [...lists], query: '', cadence: 'daily', maxPapers: 10 })),
    ),
    subscribe('ben', 'America/New_York', 'html', [
      { lists: all, query: 'reasoning', cadence: 'weekly', maxPapers: 5 },
      { lists: all, query: 'video', cadence: 'weekly', maxPapers: 5 },
    ]),
    subscribe('chandra', 'Asia/Kolkata', 'text', [
      { lists: all, query: 'agents', cadence: 'instant', maxPapers: 5 },
    ]),
  ];
}
