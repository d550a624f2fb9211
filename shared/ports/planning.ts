import type { Cohort, CohortKey, DigestOrigin, Edition } from '../domain/digests/cohort.ts';
import type { OutcomeCounts } from '../domain/digests/delivery.ts';
import type { ListId } from '../domain/lists/lists.ts';
import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Instant, Tick } from '../domain/time/time.ts';
import type { Usage } from '../domain/usage.ts';

/** A part of the instant cohort. */
export interface FollowerPage {
  readonly ids: readonly Subscriber['id'][];
  /** The last id that was read. The cohort continues after it. Undefined at the end. */
  readonly next?: Subscriber['id'] | undefined;
}

export interface CohortRepository {
  /** Loads every cohort that was joined and not removed since. Leaves out cohorts that cannot be read. */
  loadAll(): Promise<readonly Cohort[]>;
  /** Loads the next ids of confirmed subscribers in the cohort after `after`, in order. Fewer than `limit` only at the end. */
  loadMembers(
    cohort: Cohort,
    after: Subscriber['id'] | undefined,
    limit: number,
  ): Promise<readonly Subscriber['id'][]>;
  /**
   * Loads the members of the instant cohort after the id `after` who follow one of the lists. It reads a bounded part of the cohort, so
   * a page before the end may be short or empty.
   */
  loadFollowers(
    lists: readonly ListId[],
    after: Subscriber['id'] | undefined,
    limit: number,
  ): Promise<FollowerPage>;
  /** Removes a cohort that no subscriber joined since `joinedBefore`. */
  removeIfIdle(cohort: Cohort, joinedBefore: Instant): Promise<void>;
}

/** How far the planner has come. */
export interface PlannerState {
  readonly lastTick: Tick;
  /**
   * When releases that index editions by day began to plan. Every edition planned since then is in the index. A release that does not
   * index them drops this field.
   */
  readonly editionsIndexedSince?: Instant | undefined;
  /**
   * When releases that know the instant cohort began to plan. A release that does not know it drops this field. Without the field the
   * next run plans for all lists, so that it misses no subscriber who was saved while an earlier release planned.
   */
  readonly instantCohortSince?: Instant | undefined;
  /** The last arrival on each list. Its instant editions are planned. */
  readonly arrivals: Arrivals;
  /** A run that has planned only some of the cohorts. */
  readonly run?: PlannerRun | undefined;
}

/** When each list last had a new paper. */
export type Arrivals = Readonly<Record<ListId, Instant>>;

/** How far one run of the planner has come. */
export interface PlannerRun {
  /** The tick that it plans until. */
  readonly until: Tick;
  /** The arrivals that it plans instant editions for. */
  readonly arrivals: Arrivals;
  /** The last cohort whose editions are queued. The cohorts after it come next. */
  readonly after: CohortKey;
}

export interface PlannerRepository {
  /** Undefined before the first run. */
  load(): Promise<PlannerState | UnreadableState | undefined>;
  /**
   * Saves the state if it has not changed since it was loaded.
   * @throws ConflictError if another planner saved it first
   */
  save(state: PlannerState, previous: PlannerState | UnreadableState | undefined): Promise<void>;
}

/** The next page of an edition: the ids of each batch. Its batches may not be recorded or queued yet. */
export interface EditionPage {
  readonly batches: readonly (readonly Subscriber['id'][])[];
  /** The last id of the page. The cohort continues after it. */
  readonly after?: Subscriber['id'] | undefined;
}

/** How far the fan-out of an edition has come. */
export interface EditionProgress {
  /** The number of batches that are recorded and queued. */
  readonly batches: number;
  /** The number of subscribers in these batches. It is final when the edition is complete. */
  readonly planned: number;
  /** The last id of the cohort that was read for them. The cohort continues after it. */
  readonly after?: Subscriber['id'] | undefined;
  /** The page to record and queue next. It is saved first, so that a repeat after a crash has the same batches. */
  readonly pending?: EditionPage | undefined;
  /** Whether every batch of the edition is queued. */
  readonly isComplete: boolean;
}

/** One batch of an edition: its subscribers, and the counts of outcomes after all its digests ended. */
export interface EditionBatch {
  readonly subscriberIds: readonly Subscriber['id'][];
  readonly counts?: OutcomeCounts | undefined;
  /** What the last run of the batch used, as it is stored. No function needs it, so only an audit parses it. */
  readonly used?: unknown;
}

/** Replaces an erased subscriber in a batch. */
export const ERASED_ID = 'erased';

/** Replaces a subscriber in a batch if another batch sent the digest of the same period. */
export const OTHER_BATCH_ID = 'elsewhere';

/** Replaces an unreadable id in a batch. Stands alone for a batch that cannot be read. */
export const UNREADABLE_ID = 'unreadable';

/** The batches of an edition, for making or erasing their digests. */
export interface BatchRepository {
  /** Loads the subscribers of a recorded batch. Undefined if it is not recorded or cannot be read. */
  loadBatch(edition: Edition, batch: number): Promise<readonly Subscriber['id'][] | undefined>;
  /** Records how the digests of a batch ended, and what they used. A repeat replaces both. */
  settleBatch(edition: Edition, batch: number, counts: OutcomeCounts, used: Usage): Promise<void>;
  /** Puts {@link ERASED_ID} in place of a subscriber who was erased. A repeat changes nothing. */
  replaceErased(origin: DigestOrigin, subscriberId: Subscriber['id']): Promise<void>;
  /** Puts {@link OTHER_BATCH_ID} in place of a subscriber whose digest another batch sent. A repeat changes nothing. */
  replaceMoved(origin: DigestOrigin, subscriberId: Subscriber['id']): Promise<void>;
}

export interface EditionRepository extends BatchRepository {
  loadProgress(edition: Edition): Promise<EditionProgress | UnreadableState | undefined>;
  /**
   * Saves the progress if it has not changed since it was loaded.
   * @throws ConflictError if another worker saved it first
   */
  saveProgress(
    edition: Edition,
    progress: EditionProgress,
    previous: EditionProgress | UnreadableState | undefined,
  ): Promise<void>;
  /**
   * Records the subscribers of a batch and returns them. If the batch was recorded before, returns the earlier ones. Replaces a batch that
   * cannot be read.
   * @throws ConflictError if another worker replaced or erased it meanwhile.
   * @throws RangeError for more batches than an edition can have.
   */
  saveBatch(
    edition: Edition,
    batch: number,
    subscriberIds: readonly Subscriber['id'][],
  ): Promise<readonly Subscriber['id'][]>;
  /**
   * Yields all batches up to the last recorded one, in order. One that is missing is empty. One that cannot be read has only
   * {@link UNREADABLE_ID}, and comes last if its number cannot be read. Reads page by page.
   */
  loadBatches(edition: Edition): AsyncIterable<EditionBatch>;
}

/** A stored state that does not fit its schema. It can be replaced if it has not been written since. */
export interface UnreadableState {
  readonly kind: 'unreadable';
  /** The raw id of its last write. Undefined if it has none. */
  readonly writeId?: unknown;
}

/** Returns whether a loaded state could not be read. */
export function isUnreadable(state: object | undefined): state is UnreadableState {
  return state !== undefined && 'kind' in state && state.kind === 'unreadable';
}
