import type { Cohort, CohortKey, DigestOrigin, Edition } from '../domain/cohort.ts';
import type { OutcomeCounts } from '../domain/delivery.ts';
import type { ListId } from '../domain/lists.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant, Tick } from '../domain/time.ts';

export interface CohortRepository {
  /** Every cohort that somebody joined and that was not removed since. One that cannot be read is left out. */
  loadAll(): Promise<readonly Cohort[]>;
  /** The next ids of confirmed subscribers in the cohort, in the order of ids, behind `after`; fewer than `limit` only at the end. */
  loadMembers(
    cohort: Cohort,
    after: Subscriber['id'] | undefined,
    limit: number,
  ): Promise<readonly Subscriber['id'][]>;
  /** Forgets a cohort that nobody joined since `joinedBefore`. */
  removeIfIdle(cohort: Cohort, joinedBefore: Instant): Promise<void>;
}

/** How far the planner has come. */
export interface PlannerState {
  readonly lastTick: Tick;
  /**
   * Since when this release and later ones plan without a break, and so the fan-out puts every edition into the index of its day.
   * An earlier release does not keep it.
   */
  readonly editionsIndexedSince?: Instant | undefined;
  /** For each list the last arrival that instant cohorts were told of. */
  readonly arrivals: Arrivals;
  /** A run that planned some of the cohorts and is not done. */
  readonly run?: PlannerRun | undefined;
}

/** When each list last brought something new. */
export type Arrivals = Readonly<Record<ListId, Instant>>;

/** How far one run of the planner has come. */
export interface PlannerRun {
  /** The tick that it plans until. */
  readonly until: Tick;
  /** What it tells instant cohorts of. */
  readonly arrivals: Arrivals;
  /** The last cohort whose editions are queued; the cohorts after it come next. */
  readonly after: CohortKey;
}

export interface PlannerRepository {
  /** Undefined before the first run. */
  load(): Promise<PlannerState | UnreadableState | undefined>;
  /**
   * Moves the planner from the state it was loaded in.
   * @throws ConflictError when another planner wrote it first
   */
  save(state: PlannerState, previous: PlannerState | UnreadableState | undefined): Promise<void>;
}

/** The next page of an edition: the ids of each batch, not yet recorded or queued for certain. */
export interface EditionPage {
  readonly batches: readonly (readonly Subscriber['id'][])[];
  /** The last id of the page. The cohort goes on after it. */
  readonly after?: Subscriber['id'] | undefined;
}

/** How far the enumeration of an edition has come. */
export interface EditionProgress {
  /** Batches recorded and queued so far, how many subscribers they name, and the last of these. */
  readonly batches: number;
  readonly planned: number;
  readonly after?: Subscriber['id'] | undefined;
  /** Written down before the batches are recorded, so that a crash repeats exactly these. */
  readonly pending?: EditionPage | undefined;
  /** Set once the whole cohort has been enumerated: only then is `planned` the true number. */
  readonly isComplete: boolean;
}

/** One batch of an edition: whom it names, and once it was worked off, how many digests ended how. */
export interface EditionBatch {
  readonly subscriberIds: readonly Subscriber['id'][];
  readonly counts?: OutcomeCounts | undefined;
}

/** What stands in a batch in place of a subscriber who was erased. */
export const ERASED_ID = 'erased';

/** What stands in a batch in place of a subscriber whose digest of the same period came with another batch. */
export const OTHER_BATCH_ID = 'elsewhere';

/** What stands in a batch in place of an id that cannot be read. */
export const UNREADABLE_ID = 'unreadable';

export interface EditionRepository {
  loadProgress(edition: Edition): Promise<EditionProgress | UnreadableState | undefined>;
  /**
   * Moves the progress on from what it was when it was loaded.
   * @throws ConflictError when another worker wrote it first
   */
  saveProgress(
    edition: Edition,
    progress: EditionProgress,
    previous: EditionProgress | UnreadableState | undefined,
  ): Promise<void>;
  /** Records whom a batch names and returns them. A batch recorded earlier stays, and those it names are returned. */
  saveBatch(
    edition: Edition,
    batch: number,
    subscriberIds: readonly Subscriber['id'][],
  ): Promise<readonly Subscriber['id'][]>;
  /** Whom a recorded batch names; undefined where it is not recorded. */
  loadBatch(edition: Edition, batch: number): Promise<readonly Subscriber['id'][] | undefined>;
  /** Writes how the digests of a batch ended; a repeat replaces the counts. */
  settleBatch(edition: Edition, batch: number, counts: OutcomeCounts): Promise<void>;
  /** Puts {@link ERASED_ID} in place of a subscriber who was erased. A repeat changes nothing. */
  eraseFromBatch(origin: DigestOrigin, subscriberId: Subscriber['id']): Promise<void>;
  /** Puts {@link OTHER_BATCH_ID} in place of a subscriber; a repeat changes nothing. */
  removeFromBatch(origin: DigestOrigin, subscriberId: Subscriber['id']): Promise<void>;
  /** All batches recorded so far, in order, read page by page as they are asked for. */
  loadBatches(edition: Edition): AsyncIterable<EditionBatch>;
}

/** A stored state that does not fit its schema. It can be replaced as long as nobody has written it since. */
export interface UnreadableState {
  readonly kind: 'unreadable';
  /** The raw id of its last write. Undefined where it has none. */
  readonly writeId?: unknown;
}

/** Whether a loaded state could not be read. */
export function isUnreadable(state: object | undefined): state is UnreadableState {
  return state !== undefined && 'kind' in state && state.kind === 'unreadable';
}
