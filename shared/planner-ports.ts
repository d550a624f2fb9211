import type { CohortKey } from './domain/cohort.ts';
import type { ListId } from './domain/list.ts';
import type { Tick } from './domain/tick.ts';
import type { Instant } from './domain/time.ts';
import type { UnreadableState } from './ports.ts';

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
