import {
  type Cohort,
  type Edition,
  editionsAt,
  instantEdition,
  type ScheduledCohort,
} from '../domain/cohort.ts';
import { deliveryTimesBetween } from '../domain/delivery-times.ts';
import type { ListId } from '../domain/list.ts';
import { previousTick, type Tick, tickOf } from '../domain/tick.ts';
import type { Clock } from '../domain/time.ts';
import type { CohortMessage } from '../messages.ts';
import type {
  CohortRepository,
  PlannerRepository,
  PlannerState,
  Queue,
  SourceStateRepository,
  Telemetry,
} from '../ports.ts';
import { enqueueAll } from './enqueue-all.ts';

export interface PlanPorts {
  readonly planner: PlannerRepository;
  readonly cohorts: CohortRepository;
  readonly sourceStates: SourceStateRepository;
  readonly cohortQueue: Queue<CohortMessage>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

type Arrivals = PlannerState['arrivals'];
type InstantCohort = Extract<Cohort, { cadence: 'instant' }>;

/**
 * Queues the editions of every cohort that came due since the last tick planned, however long ago that was, and returns
 * them. The planner moves on only after all of them are queued; planning twice does no harm, because the ledger knows
 * each digest by its subscriber, cadence and period.
 *
 * @throws ConflictError when another planner moved on first; the next run goes on from there
 */
export async function plan(ports: PlanPorts): Promise<readonly Edition[]> {
  const now = tickOf(ports.clock.now());
  const previous = await ports.planner.load();
  const lastTick = previous?.lastTick ?? previousTick(now);
  if (lastTick >= now) return [];

  const cohorts = await ports.cohorts.loadAll();
  const scheduled = cohorts.filter((cohort) => cohort.cadence !== 'instant');
  const instant = cohorts.filter((cohort) => cohort.cadence === 'instant');
  const arrivals = await loadArrivals(ports.sourceStates, instant);
  const editions = [
    ...scheduledEditions(scheduled, lastTick, now),
    ...instant
      .filter(({ lists }) => lists.some((list) => arrivals[list] !== previous?.arrivals[list]))
      .map((cohort) => instantEdition(cohort, now)),
  ];

  await enqueueAll(
    ports.cohortQueue,
    editions.map((edition) => ({ edition })),
  );
  await ports.planner.save({ lastTick: now, arrivals }, previous);
  ports.telemetry.count('EditionsPlanned', editions.length);
  ports.telemetry.info('Planned', {
    after: lastTick,
    until: now,
    cohorts: cohorts.length,
    editions: editions.length,
  });
  return editions;
}

/**
 * The newest edition of each cohort that came due. After an outage of days that is one digest, which looks back over those
 * before it, and not one for each day. Delivery times are worked out once for each zone, however many cohorts are in it.
 */
function scheduledEditions(
  cohorts: readonly ScheduledCohort[],
  after: Tick,
  until: Tick,
): readonly Edition[] {
  const zones = [...new Set(cohorts.map(({ timeZone }) => timeZone))];
  const times = new Map(zones.map((zone) => [zone, deliveryTimesBetween(zone, after, until)]));
  return cohorts.flatMap((cohort) => editionsAt(cohort, times.get(cohort.timeZone) ?? []).slice(-1));
}

/**
 * When each list that an instant cohort follows last brought something new. Compared with what the last tick saw rather
 * than with its time, so that an ingest that ends while a tick is planned is told of at the next one.
 */
async function loadArrivals(
  sourceStates: SourceStateRepository,
  cohorts: readonly InstantCohort[],
): Promise<Arrivals> {
  const lists = [...new Set<ListId>(cohorts.flatMap((cohort) => cohort.lists))];
  const states = await Promise.all(
    lists.map(async (list) => ({ list, state: await sourceStates.load(list) })),
  );
  return Object.fromEntries(
    states.flatMap(({ list, state }) => (state?.lastNewAt ? [[list, state.lastNewAt] as const] : [])),
  );
}
