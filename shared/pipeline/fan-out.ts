import { type Cohort, type Edition, IDLE_COHORT_MS, parseCohortKey } from '../domain/digests/cohort.ts';
import { ConflictError } from '../domain/errors.ts';
import { addMs, type Clock, type Timer } from '../domain/time/time.ts';
import { addUsage, PER_MESSAGE, toUsageFields } from '../domain/usage.ts';
import type { Telemetry } from '../observability.ts';
import type { Meter } from '../ports/meter.ts';
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
import { enqueueAll, PAUSE_SEC } from './enqueue-all.ts';

export interface FanOutPorts {
  readonly cohorts: CohortRepository;
  readonly editions: EditionRepository;
  readonly digestsQueue: Queue<DigestsMessage>;
  /** The queue of the edition's own message. If one invocation is not enough, the message is queued there again. */
  readonly cohortQueue: Queue<CohortMessage>;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly meter: Meter;
  readonly telemetry: Telemetry;
}

/** An edition and its subscribers: a cohort, or the members of the instant cohort who follow one of the lists. */
interface Task {
  readonly edition: Edition;
  readonly cohort: Cohort;
  readonly lists: CohortMessage['lists'];
}

/** What an invocation achieved. In each case SQS can delete its message. */
export type FanOutResult =
  /** Every batch is queued. */
  | { readonly kind: 'complete'; readonly progress: EditionProgress }
  /** The message is queued again. The next invocation goes on from the checkpoint. */
  | { readonly kind: 'continued'; readonly progress: EditionProgress | undefined }
  /** Another invocation works on the edition. The message is queued again, in case that invocation dies. */
  | { readonly kind: 'busy' };

/** Five batches: the queue accepts them in one call, and their checkpoint has about 13 KB. */
const PAGE_SIZE = 5 * BATCH_SIZE;

/** An invocation with less time left begins no further page. Two calls that time out and are repeated fit into it. */
const RESERVE_MS = 30_000;

/** How often a page is tried in one invocation. The waits between the tries are 0.25, 0.5, 1 and 2 s. */
const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 250;

/** How many pauses in a row are allowed: an hour in all. A finished page sets the count back. */
const MAX_PAUSES = 12;

const NO_PROGRESS: EditionProgress = { batches: 0, planned: 0, isComplete: false };

/**
 * Queues a message for each batch of subscribers of an edition. If an invocation runs out of time after some pages, it queues the
 * edition's message again.
 *
 * Each page is saved before its batches are recorded and queued. A repeat after a crash has the same subscribers in the same batches,
 * even if the cohort has changed. So no subscriber is skipped. A batch may be queued twice, but the ledger allows only one mail.
 *
 * @param remainingMs how long the invocation may still run
 * @throws RangeError if the edition names no cohort
 * @throws the error of the last attempt if a page has failed for an hour
 */
export async function fanOut(
  ports: FanOutPorts,
  message: CohortMessage,
  remainingMs: () => number,
): Promise<FanOutResult> {
  const { result, used } = await ports.meter.measure(() => fanOutEdition(ports, message, remainingMs));
  const progress = result.kind === 'busy' ? undefined : result.progress;
  ports.telemetry.info('A fan-out ran', {
    ...message.edition,
    kind: result.kind,
    ...(progress && { planned: progress.planned, batches: progress.batches }),
    ...toUsageFields(addUsage([used, PER_MESSAGE])),
  });
  return result;
}

async function fanOutEdition(
  ports: FanOutPorts,
  { pauses = 0, ...message }: CohortMessage,
  remainingMs: () => number,
): Promise<FanOutResult> {
  const { edition, lists } = message;
  const task: Task = { edition, cohort: parseCohortKey(edition.cohort), lists };
  const hasTime = () => remainingMs() > RESERVE_MS;
  let progress: EditionProgress | undefined;
  try {
    do progress = await fanOutPage(ports, task, progress, hasTime);
    while (progress.pending && hasTime());
    if (progress.isComplete) return { kind: 'complete', progress };
    await enqueueAll(ports.cohortQueue, [message]);
    return { kind: 'continued', progress };
  } catch (error) {
    const pausesInARow = progress ? 0 : pauses;
    if (error instanceof ConflictError) {
      // Both invocations may have the same message, so it must stay queued until the edition is complete.
      await enqueueAll(ports.cohortQueue, [{ ...message, pauses: pausesInARow }], PAUSE_SEC);
      ports.telemetry.info('Another invocation fans out the same edition', { ...edition });
      return { kind: 'busy' };
    }
    if (pausesInARow >= MAX_PAUSES) throw error;
    ports.telemetry.warn('A fan-out pauses', { ...edition, pauses: pausesInARow + 1, error });
    await enqueueAll(ports.cohortQueue, [{ ...message, pauses: pausesInARow + 1 }], PAUSE_SEC);
    return { kind: 'continued', progress };
  }
}

/**
 * Fans out the pending page of a checkpoint, or of the stored one if none is given. Returns the next checkpoint. Retries while there is
 * time.
 *
 * @throws ConflictError if another invocation saved a checkpoint first
 * @throws the error of the last attempt
 */
async function fanOutPage(
  ports: FanOutPorts,
  task: Task,
  checkpoint: EditionProgress | undefined,
  hasTime: () => boolean,
): Promise<EditionProgress> {
  let known = checkpoint;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryPage(ports, task, known ?? (await ensureCheckpoint(ports, task)));
    } catch (error) {
      if (error instanceof ConflictError || attempt === MAX_ATTEMPTS || !hasTime()) throw error;
      // The failed call may have saved the next checkpoint.
      known = undefined;
      await ports.timer.wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}

/** Records and queues the pending page of a checkpoint. Returns the next checkpoint. A complete edition stays as it is. */
async function tryPage(
  ports: FanOutPorts,
  task: Task,
  checkpoint: EditionProgress,
): Promise<EditionProgress> {
  const { pending, batches, planned } = checkpoint;
  if (!pending) return checkpoint;
  const [idCount, next] = await Promise.all([
    queueBatches(ports, task.edition, batches, pending.batches),
    loadPage(ports, task, pending.after),
  ]);
  const done = {
    batches: batches + pending.batches.length,
    planned: planned + idCount,
    after: pending.after,
  };
  return saveCheckpoint(ports, task, toCheckpoint(done, next), checkpoint);
}

/** Returns the stored checkpoint of an edition, complete or with a pending page. If there is none, saves and returns the first one. */
async function ensureCheckpoint(ports: FanOutPorts, task: Task): Promise<EditionProgress> {
  const stored = await ports.editions.loadProgress(task.edition);
  const start = isUnreadable(stored) ? await recountProgress(ports, task.edition) : (stored ?? NO_PROGRESS);
  if (start.isComplete || start.pending) return start;
  const page = await loadFirstPendingPage(ports, task, start);
  return saveCheckpoint(ports, task, toCheckpoint(start, page), stored);
}

/**
 * Returns the progress to go on from if the stored one cannot be read. The whole cohort gets new batches after the
 * recorded ones. So some subscribers are in two batches, but the ledger allows only one mail. A batch that cannot be read counts as one
 * digest, so that the audit says that the edition does not add up.
 */
async function recountProgress({ editions }: FanOutPorts, edition: Edition): Promise<EditionProgress> {
  let { batches, planned } = NO_PROGRESS;
  for await (const { subscriberIds } of editions.loadBatches(edition)) {
    batches += 1;
    planned += subscriberIds.length;
  }
  return { batches, planned, isComplete: false };
}

/** Returns the checkpoint with the next page. Without a next page the edition is complete. */
function toCheckpoint(
  { batches, planned, after }: Omit<EditionProgress, 'isComplete'>,
  page: EditionPage | undefined,
): EditionProgress {
  if (page) return { batches, planned, after, pending: page, isComplete: false };
  // Without `after`, because that is the id of a subscriber. Erasing looks for ids only in the batches.
  return { batches, planned, isComplete: true };
}

/**
 * Saves and returns a checkpoint. Counts the digests of a complete edition, and removes its cohort if it had no members and none joined for a
 * day.
 *
 * @throws ConflictError if another invocation saved a checkpoint first
 */
async function saveCheckpoint(
  { cohorts, editions, clock, telemetry }: FanOutPorts,
  { edition, cohort }: Task,
  checkpoint: EditionProgress,
  previous: EditionProgress | UnreadableState | undefined,
): Promise<EditionProgress> {
  const { planned, isComplete } = checkpoint;
  if (isComplete && planned === 0) await cohorts.removeIfIdle(cohort, addMs(clock.now(), -IDLE_COHORT_MS));
  await editions.saveProgress(edition, checkpoint, previous).catch(async (error: unknown) => {
    const isStuck =
      error instanceof ConflictError &&
      positionOf(await editions.loadProgress(edition)) === positionOf(previous);
    throw isStuck
      ? new Error('a checkpoint cannot be saved, although no other worker moved it on', { cause: error })
      : error;
  });
  if (isComplete) telemetry.count('DigestsPlanned', planned);
  return checkpoint;
}

/** Returns the position that a checkpoint has reached. Each save of an edition moves it on. */
function positionOf(checkpoint: EditionProgress | UnreadableState | undefined): string {
  if (checkpoint === undefined || isUnreadable(checkpoint)) return JSON.stringify([checkpoint?.writeId]);
  const { batches, after, pending, isComplete } = checkpoint;
  return JSON.stringify([batches, after, pending !== undefined, isComplete]);
}

/** Records the batches of a page and queues a message for each. Returns how many ids are in them. */
async function queueBatches(
  { editions, digestsQueue, clock }: FanOutPorts,
  edition: Edition,
  firstBatch: number,
  batches: EditionPage['batches'],
): Promise<number> {
  const recorded = await Promise.all(
    batches.map((ids, n) => editions.saveBatch(edition, firstBatch + n, ids)),
  );
  const queuedAt = clock.now();
  const messages = recorded.flatMap((ids, n) => {
    const subscriberIds = ids.filter(isSubscriberId);
    return subscriberIds.length > 0 ? [{ edition, batch: firstBatch + n, subscriberIds, queuedAt }] : [];
  });
  await enqueueAll(digestsQueue, messages);
  return recorded.reduce((sum, ids) => sum + ids.length, 0);
}

/**
 * Finds the page to begin with if the checkpoint has no pending page. An earlier release saved no pages. If it crashed after it recorded a
 * batch, that batch is the page.
 */
async function loadFirstPendingPage(
  ports: FanOutPorts,
  task: Task,
  { batches, after }: EditionProgress,
): Promise<EditionPage | undefined> {
  const [recorded, page] = await Promise.all([
    ports.editions.loadBatch(task.edition, batches),
    loadPage(ports, task, after),
  ]);
  return recorded ? { batches: [recorded], after: recorded.filter(isSubscriberId).at(-1) ?? after } : page;
}

/** Loads the page after an id. Undefined at the end of the cohort. A page before the end may have no batch. */
async function loadPage(
  { cohorts }: FanOutPorts,
  { cohort, lists }: Task,
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

/**
 * Returns whether an entry of a batch is the id of a subscriber. Others mark a subscriber who was erased, is in another batch, or cannot be
 * read.
 */
function isSubscriberId(id: string): boolean {
  return ![ERASED_ID, OTHER_BATCH_ID, UNREADABLE_ID].includes(id);
}
