import {
  type Cohort,
  type CohortKey,
  type Edition,
  editionsAt,
  IDLE_COHORT_MS,
  INSTANT_COHORT,
  type InstantCohort,
  instantEdition,
  toCohortKey,
} from '../domain/digests/cohort.ts';
import { type DeliveryTime, deliveryTimesBetween } from '../domain/digests/delivery-times.ts';
import type { ListId, SourceName } from '../domain/lists/lists.ts';
import {
  addMs,
  type Clock,
  EPOCH,
  latestOf,
  MS_PER_DAY,
  previousTick,
  type Tick,
  tickOf,
} from '../domain/time/time.ts';
import type { Telemetry } from '../observability.ts';
import type { SourceStateRepository } from '../ports/papers.ts';
import {
  type Arrivals,
  type CohortRepository,
  isUnreadable,
  type PlannerRepository,
  type PlannerRun,
  type PlannerState,
} from '../ports/planning.ts';
import type { CohortMessage, Queue } from '../ports/queues.ts';
import { enqueueAll } from './enqueue-all.ts';

export interface PlanPorts {
  readonly planner: PlannerRepository;
  readonly cohorts: CohortRepository;
  /** The sources that the deployment reads. */
  readonly sources: readonly SourceName[];
  readonly sourceStates: SourceStateRepository;
  readonly cohortQueue: Queue<CohortMessage>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** The planner saves a checkpoint after this number of cohorts. If an invocation times out, the next one goes on from there. */
const COHORTS_PER_STEP = 2000;

/**
 * How far back the planner goes if its cursor cannot be read. That is far enough for daily and weekly editions that were missed. Editions
 * that were planned before may be queued again. No subscriber is mailed twice, because their progress and the ledger are kept.
 */
const LOST_CURSOR_DAYS = 7;

/** The longest time between two editions of a cohort is a month, and an hour if the clock is set back. */
const LONGEST_CYCLE_DAYS = 32;

/** A cursor further ahead of the clock than this is wrong. A smaller lead means that the clock was set back. */
const MAX_AHEAD_MS = MS_PER_DAY;

/**
 * Queues and returns the editions of all cohorts that came due since the last planned tick. A cohort that cannot be planned is logged
 * and counted. All others are planned.
 *
 * Each step queues the editions of several cohorts and then saves a checkpoint. The next invocation goes on with an interrupted run from
 * there. Planning twice is safe, because the ledger knows each digest by its subscriber, cadence and period.
 *
 * @throws ConflictError if another invocation saved a checkpoint first. The next one goes on from there
 */
export async function plan(ports: PlanPorts): Promise<readonly Edition[]> {
  const now = tickOf(ports.clock.now());
  const stored = await ports.planner.load();
  let state = toState(ports, stored, now);
  if (state.lastTick >= now) return [];

  const cohorts = toSorted([...(await ports.cohorts.loadAll()), INSTANT_COHORT]);
  const save = createSave(ports.planner, stored);
  const all: Edition[] = [];
  while (state.lastTick < now) {
    const editions: Edition[] = [];
    const begun = hasUnfinishedRun(state) ? state : await beginRun(ports, state, now, save);
    for await (const step of planRun(ports, cohorts, begun)) {
      await save(step.state);
      state = step.state;
      editions.push(...step.editions);
    }
    ports.telemetry.info('Planned', {
      after: begun.lastTick,
      until: begun.run.until,
      cohorts: cohorts.length,
      editions: editions.length,
    });
    all.push(...editions);
  }
  ports.telemetry.count('EditionsPlanned', all.length);
  return all;
}

type Stored = Awaited<ReturnType<PlannerRepository['load']>>;

/** A state with a run that is not complete. */
type StateWithRun = PlannerState & { readonly run: PlannerRun };

interface NamedCohort {
  readonly key: CohortKey;
  readonly cohort: Cohort;
}

/** Returns the state to plan from. Replaces a missing, unreadable or wrong one. */
function toState({ telemetry }: PlanPorts, stored: Stored, now: Tick): PlannerState {
  if (stored === undefined) {
    // The index of editions by day has every edition, because nothing was planned before.
    return { lastTick: previousTick(now), arrivals: {}, editionsIndexedSince: EPOCH };
  }
  const lost = {
    lastTick: addMs(now, -LOST_CURSOR_DAYS * MS_PER_DAY),
    arrivals: {},
    editionsIndexedSince: now,
  };
  if (isUnreadable(stored)) return lost;
  const { lastTick, run: { until } = {} } = stored;
  const latest = addMs(now, MAX_AHEAD_MS);
  if (lastTick <= latest && (until ?? lastTick) <= latest) {
    return { ...stored, editionsIndexedSince: stored.editionsIndexedSince ?? now };
  }
  telemetry.error('The cursor of the planner is in the future', { lastTick, until });
  telemetry.count('RecordsUnreadable', 1);
  return lost;
}

/**
 * Returns a function that saves a state. The first one replaces the stored state, and each later one the state that was saved before it.
 */
function createSave(planner: PlannerRepository, stored: Stored): (state: PlannerState) => Promise<void> {
  let saved = stored;
  return async (state) => {
    await planner.save(state, saved);
    saved = state;
  };
}

function hasUnfinishedRun(state: PlannerState): state is StateWithRun {
  return state.run !== undefined;
}

/**
 * Begins a run until a tick. If lists have new papers, saves the run before anything is queued, so that a repeat has the same lists.
 * Without that, a repeat could queue the same edition with more lists. A fan-out that has begun does not go back to the pages that it has
 * passed. So followers of the added lists on those pages would get nothing.
 */
async function beginRun(
  ports: PlanPorts,
  state: PlannerState,
  until: Tick,
  save: (state: PlannerState) => Promise<void>,
): Promise<StateWithRun> {
  const begun = { ...state, run: { until, arrivals: await loadArrivals(ports, state), after: '' } };
  if (findListsWithNewPapers(begun).length > 0) await save(begun);
  return begun;
}

function toSorted(cohorts: readonly Cohort[]): readonly NamedCohort[] {
  const named = cohorts.map((cohort) => ({ key: toCohortKey(cohort), cohort }));
  return named.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * Returns the lists with new papers since the last run. Without `instantCohortSince`, the last run was of a release that plans nothing for the
 * instant cohort. Then returns every list that ever had papers, so that the members of the cohort miss no papers.
 */
function findListsWithNewPapers({ arrivals, instantCohortSince, run }: StateWithRun): readonly ListId[] {
  const lists = Object.keys(run.arrivals).sort();
  return instantCohortSince ? lists.filter((list) => run.arrivals[list] !== arrivals[list]) : lists;
}

/** Queues the editions of a run step by step. Yields the state to save after each step. The last one is without the run. */
async function* planRun(
  ports: PlanPorts,
  cohorts: readonly NamedCohort[],
  begun: StateWithRun,
): AsyncGenerator<{ readonly state: PlannerState; readonly editions: readonly Edition[] }> {
  const { run, ...before } = begun;
  // Only the last edition of each cohort is queued. So this plans the same after an outage of years, in less time.
  const oldest = addMs(run.until, -LONGEST_CYCLE_DAYS * MS_PER_DAY);
  const timesOf = createTimes(latestOf([before.lastTick, oldest]), run.until);
  const listsWithNew = findListsWithNewPapers(begun);

  const planCohort = async ({ key, cohort }: NamedCohort): Promise<readonly CohortMessage[]> => {
    if (cohort.cadence === 'instant') return instantMessages(cohort, begun, listsWithNew);
    const times = timesOf(cohort.timeZone);
    if (times instanceof RangeError) {
      await reportUnplanned(ports, key, cohort, times);
      return [];
    }
    // After an outage of days only the last edition is queued. Its digest looks back over the missed days, as far as its cadence does.
    const editions = editionsAt(cohort, times).slice(-1);
    return editions.map((edition) => ({ edition }));
  };

  const left = cohorts.filter(({ key }) => key > run.after);
  for (let from = 0; ; from += COHORTS_PER_STEP) {
    const step = left.slice(from, from + COHORTS_PER_STEP);
    const messages: CohortMessage[] = [];
    for (const cohort of step) messages.push(...(await planCohort(cohort)));
    await enqueueAll(ports.cohortQueue, messages);
    const editions = messages.map(({ edition }) => edition);
    const after = step.at(-1)?.key;
    if (after === undefined || from + COHORTS_PER_STEP >= left.length) {
      // Not set before the run is done, so that a repeat still plans for all lists.
      const instantCohortSince = before.instantCohortSince ?? run.until;
      const { until: lastTick, arrivals } = run;
      yield { state: { ...before, lastTick, arrivals, instantCohortSince }, editions };
      return;
    }
    yield { state: { ...before, run: { ...run, after } }, editions };
  }
}

/** Returns the message of an instant cohort if one of its lists has new papers. A cohort of an earlier release has lists of its own. */
function instantMessages(
  cohort: InstantCohort,
  { arrivals, run }: StateWithRun,
  listsWithNew: readonly ListId[],
): readonly CohortMessage[] {
  const edition = instantEdition(cohort, run.until);
  if (!cohort.lists) return listsWithNew.length > 0 ? [{ edition, lists: listsWithNew }] : [];
  return cohort.lists.some((list) => run.arrivals[list] !== arrivals[list]) ? [{ edition }] : [];
}

/** Returns a function that gives the delivery times of a zone, or the error of an unknown zone. It computes each zone once. */
function createTimes(after: Tick, until: Tick): (timeZone: string) => readonly DeliveryTime[] | RangeError {
  const known = new Map<string, readonly DeliveryTime[] | RangeError>();
  const compute = (timeZone: string) => {
    try {
      return deliveryTimesBetween(timeZone, after, until);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return error;
    }
  };
  return (timeZone) => {
    const times = known.get(timeZone) ?? compute(timeZone);
    known.set(timeZone, times);
    return times;
  };
}

/** Logs and counts a cohort that cannot be planned. Removes it if it is empty and idle, because no fan-out will. */
async function reportUnplanned(
  { cohorts, clock, telemetry }: PlanPorts,
  key: CohortKey,
  cohort: Cohort,
  { message }: RangeError,
): Promise<void> {
  const members = await cohorts.loadMembers(cohort, undefined, 1);
  if (members.length === 0) await cohorts.removeIfIdle(cohort, addMs(clock.now(), -IDLE_COHORT_MS));
  telemetry.error('A cohort cannot be planned', {
    cohort: key,
    reason: message,
    hasMembers: members.length > 0,
  });
  telemetry.count('CohortsUnplanned', 1);
}

/**
 * Returns when each list last had new papers. The next run compares its times with these. So papers that come during a run count in the
 * next one. A list with an unreadable history counts as unchanged.
 */
async function loadArrivals(
  { sources, sourceStates }: PlanPorts,
  { arrivals }: PlannerState,
): Promise<Arrivals> {
  const states = await Promise.all(sources.map((source) => sourceStates.load(source)));
  const histories = states.flatMap((state) => Object.entries(state?.lists ?? {}));
  const known = histories.flatMap(([list, { lastNewAt }]) => (lastNewAt ? [[list, lastNewAt]] : []));
  return { ...arrivals, ...Object.fromEntries(known) };
}
