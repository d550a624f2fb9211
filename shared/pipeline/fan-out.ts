import pMap from 'p-map';
import { type Cohort, type Edition, parseCohortKey } from '../domain/cohort.ts';
import { ConflictError } from '../domain/errors.ts';
import { addMs, type Clock, MS_PER_DAY } from '../domain/time.ts';
import type { Telemetry } from '../observability.ts';
import type { Timer } from '../ports/mail.ts';
import {
  type CohortRepository,
  type EditionPage,
  type EditionProgress,
  type EditionRepository,
  ERASED_ID,
  type FollowerPage,
  isUnreadable,
  OTHER_BATCH_ID,
  UNREADABLE_ID,
  type UnreadableState,
} from '../ports/planning.ts';
import { BATCH_SIZE, type CohortMessage, type DigestsMessage, type Queue } from '../ports/queues.ts';
import { enqueueAll } from './enqueue-all.ts';

export interface FanOutPorts {
  readonly cohorts: CohortRepository;
  readonly editions: EditionRepository;
  readonly digestsQueue: Queue<DigestsMessage>;
  /** Where the edition's own message came from, and goes again when one invocation is not enough. */
  readonly cohortQueue: Queue<CohortMessage>;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly telemetry: Telemetry;
}

/** Whom an edition is for: a cohort, or those of the instant cohort who follow one of the lists. */
interface Audience {
  readonly cohort: Cohort;
  readonly lists: CohortMessage['lists'];
}

/** How an invocation left an edition. In each case its message is done with. */
export type FanOutResult =
  /** Every batch is queued. */
  | { readonly kind: 'complete'; readonly progress: EditionProgress }
  /** The message is queued again, and the next invocation goes on from the checkpoint. */
  | { readonly kind: 'continued' }
  /** Another invocation moved the edition on meanwhile. The message comes again, in case that one dies. */
  | { readonly kind: 'taken-over' };

/** Ten batches: one call of the queue, and a progress item of some 13 KB. */
const PAGE_SIZE = 10 * BATCH_SIZE;
const BATCHES_AT_ONCE = 10;

/** No page is begun with less time left. Two calls that time out and are repeated take less. */
const RESERVE_MS = 30_000;

/** How often a page is tried in one invocation; the waits between are 0.25, 0.5, 1 and 2 s. */
const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 250;

/** How long the message waits on its queue after that many tries, or behind another invocation. */
const PAUSE_SEC = 300;

/** A fan-out pauses for an hour in all, unless a page is done between. */
const MAX_PAUSES = 12;

/** A cohort that is empty is forgotten a day after the last subscriber joined it. */
const IDLE_COHORT_MS = MS_PER_DAY;

const NOTHING_DONE: EditionProgress = { batches: 0, planned: 0, isComplete: false };

/**
 * Queues a message for every batch of subscribers in an edition's cohort. An invocation does as many pages as it has time
 * for, then queues the edition's message again.
 *
 * Each page is saved before its batches are recorded and queued. After a crash the same page comes again, with the same subscribers
 * in the same batches, even if the cohort has changed. So no subscriber is skipped. A batch may be queued twice, but the ledger
 * allows only one mail.
 *
 * @param remainingMs how long the invocation may still run
 * @throws RangeError when the edition names no cohort
 * @throws Error of the last attempt, when a page has failed for an hour
 */
export async function fanOut(
  ports: FanOutPorts,
  { pauses = 0, ...message }: CohortMessage,
  remainingMs: () => number,
): Promise<FanOutResult> {
  const { edition, lists } = message;
  const audience = { cohort: parseCohortKey(edition.cohort), lists };
  const hasTime = () => remainingMs() > RESERVE_MS;
  let attempt = 1;
  let pausesInARow = pauses;
  const onPage = () => {
    attempt = 1;
    pausesInARow = 0;
  };

  for (;;) {
    try {
      const progress = await enumerate(ports, edition, audience, hasTime, onPage);
      if (progress.isComplete) return { kind: 'complete', progress };
      await enqueueAll(ports.cohortQueue, [message]);
      const { batches, planned } = progress;
      ports.telemetry.info('A fan-out goes on in another invocation', { ...edition, batches, planned });
      return { kind: 'continued' };
    } catch (error) {
      if (error instanceof ConflictError) {
        // The queue may have handed the same message to both, so it must not go before the edition is complete.
        await enqueueAll(ports.cohortQueue, [{ ...message, pauses: pausesInARow }], PAUSE_SEC);
        ports.telemetry.info('Another invocation fans out the same edition', { ...edition });
        return { kind: 'taken-over' };
      }
      if (attempt < MAX_ATTEMPTS && hasTime()) {
        await ports.timer.wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
        attempt += 1;
        continue;
      }
      if (pausesInARow >= MAX_PAUSES) throw error;
      ports.telemetry.warn('A fan-out pauses', { ...edition, pauses: pausesInARow + 1, error });
      await enqueueAll(ports.cohortQueue, [{ ...message, pauses: pausesInARow + 1 }], PAUSE_SEC);
      return { kind: 'continued' };
    }
  }
}

/**
 * Goes on from the checkpoint, page by page, and returns the last checkpoint: a complete edition, or one with a page to do.
 * It does one page at least.
 *
 * @throws ConflictError when another invocation moved the edition on
 */
async function enumerate(
  ports: FanOutPorts,
  edition: Edition,
  audience: Audience,
  hasTime: () => boolean,
  onPage: () => void,
): Promise<EditionProgress> {
  const stored = await ports.editions.loadProgress(edition);
  const start = isUnreadable(stored) ? await findEnd(ports, edition) : (stored ?? NOTHING_DONE);
  if (start.isComplete) return start;
  let progress = start.pending
    ? start
    : await moveOn(
        ports,
        edition,
        audience,
        start,
        await loadFirstPage(ports, edition, audience, start),
        stored,
      );

  while (progress.pending) {
    const { pending, batches, planned } = progress;
    const [handedOut, next] = await Promise.all([
      handOut(ports, edition, batches, pending.batches),
      loadPage(ports, audience, pending.after),
    ]);
    const done: EditionProgress = {
      batches: batches + pending.batches.length,
      planned: planned + handedOut,
      after: pending.after,
      isComplete: false,
    };
    progress = await moveOn(ports, edition, audience, done, next, progress);
    onPage();
    if (!hasTime()) break;
  }
  return progress;
}

/**
 * Where to go on when the progress cannot be read: with the whole cohort, after the batches that are recorded. Whoever is in
 * one of those is named twice, and the ledger lets only one mail out.
 */
async function findEnd({ editions }: FanOutPorts, edition: Edition): Promise<EditionProgress> {
  let { batches, planned } = NOTHING_DONE;
  for await (const { subscriberIds } of editions.loadBatches(edition)) {
    batches += 1;
    planned += subscriberIds.length;
  }
  return { batches, planned, isComplete: false };
}

/** Saves what is done together with the page to do next, or as complete where there is none. */
async function moveOn(
  { cohorts, editions, clock, telemetry }: FanOutPorts,
  edition: Edition,
  audience: Audience,
  done: EditionProgress,
  page: EditionPage | undefined,
  previous: EditionProgress | UnreadableState | undefined,
): Promise<EditionProgress> {
  if (page) {
    const progress = { ...done, pending: page };
    await editions.saveProgress(edition, progress, previous);
    return progress;
  }
  // Without `after`: a complete edition names nobody outside its batches, where an erasure finds them.
  const { batches, planned } = done;
  const progress = { batches, planned, isComplete: true };
  if (planned === 0) await cohorts.removeIfIdle(audience.cohort, addMs(clock.now(), -IDLE_COHORT_MS));
  await editions.saveProgress(edition, progress, previous);
  telemetry.count('DigestsPlanned', planned);
  telemetry.info('Fanned out', { ...edition, planned, batches });
  return progress;
}

/** Records the batches of a page, queues a message for each, and returns how many subscribers they name. */
async function handOut(
  { editions, digestsQueue, clock }: FanOutPorts,
  edition: Edition,
  firstBatch: number,
  batches: EditionPage['batches'],
): Promise<number> {
  const recorded = await pMap(batches, (ids, n) => editions.saveBatch(edition, firstBatch + n, ids), {
    concurrency: BATCHES_AT_ONCE,
  });
  const queuedAt = clock.now();
  const messages = recorded.flatMap((ids, n) => {
    const subscriberIds = ids.filter(isNamed);
    return subscriberIds.length > 0 ? [{ edition, batch: firstBatch + n, subscriberIds, queuedAt }] : [];
  });
  await enqueueAll(digestsQueue, messages);
  return recorded.reduce((sum, ids) => sum + ids.length, 0);
}

/**
 * The page to begin with where no page is written down. A release that wrote none may have recorded a batch and died; that
 * batch comes first, alone, with whom it names.
 */
async function loadFirstPage(
  ports: FanOutPorts,
  edition: Edition,
  audience: Audience,
  { batches, after }: EditionProgress,
): Promise<EditionPage | undefined> {
  const [recorded, page] = await Promise.all([
    ports.editions.loadBatch(edition, batches),
    loadPage(ports, audience, after),
  ]);
  return recorded ? { batches: [recorded], after: recorded.filter(isNamed).at(-1) ?? after } : page;
}

/** The next page after an id. It may have no batch before the end of the cohort. Undefined at the end. */
async function loadPage(
  { cohorts }: FanOutPorts,
  { cohort, lists }: Audience,
  after: string | undefined,
): Promise<EditionPage | undefined> {
  const isOfFollowers = cohort.cadence === 'instant' && cohort.lists === undefined && lists !== undefined;
  const { ids, next }: FollowerPage = isOfFollowers
    ? await cohorts.loadFollowers(lists, after, PAGE_SIZE)
    : { ids: await cohorts.loadMembers(cohort, after, PAGE_SIZE) };
  if (ids.length === 0 && next === undefined) return undefined;
  const batches = Array.from({ length: Math.ceil(ids.length / BATCH_SIZE) }, (_, n) =>
    ids.slice(n * BATCH_SIZE, (n + 1) * BATCH_SIZE),
  );
  return { batches, after: next ?? ids.at(-1) };
}

/** Somebody who was erased, or had the digest with another batch, stands in the batch without a name. */
function isNamed(id: string): boolean {
  return ![ERASED_ID, OTHER_BATCH_ID, UNREADABLE_ID].includes(id);
}
