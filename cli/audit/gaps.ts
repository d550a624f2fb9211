import pMap from 'p-map';
import {
  type CohortKey,
  type Edition,
  editionsAt,
  type ScheduledCohort,
  toCohortKey,
} from '../../shared/domain/digests/cohort.ts';
import { type DeliveryTime, deliveryTimesBetween } from '../../shared/domain/digests/delivery-times.ts';
import { DELIVERY_RETENTION_DAYS } from '../../shared/domain/retention.ts';
import { periodOf } from '../../shared/domain/subscribers/cadence.ts';
import {
  addDays,
  addMs,
  type Day,
  type Instant,
  startOfDay,
  TICK_MS,
} from '../../shared/domain/time/time.ts';
import type { AuditedCohorts, AuditedLedger, EditionAudit, KeptCohort } from './audit.ts';

/** An edition that was due and is not in the ledger, of a cohort that has members now. */
export interface Gap {
  readonly edition: Edition;
  readonly dueAt: Instant;
  /**
   * Whether the cohort may have been empty when the edition was due. A subscriber joined it or changed a profile since, and
   * the ledger has no members of it from before.
   */
  readonly isMaybeJoinedSince: boolean;
}

/** What the cohorts of today show about the audited days. */
export interface Survey {
  readonly gaps: readonly Gap[];
  /**
   * How many cohorts had nothing due on these days so far. Instant cohorts count too, because nothing records when they were
   * due.
   */
  readonly notDue: number;
  /** Cohorts with members whose delivery time cannot be computed. Their editions are not planned. */
  readonly notPlannable: readonly CohortKey[];
}

/** The planner runs within a tick. The first record of an edition follows within another. */
const PLANNING_MS = 2 * TICK_MS;

const COHORTS_AT_ONCE = 8;

export interface SurveyPorts {
  readonly cohorts: AuditedCohorts;
  /** Read only if a profile was changed since. */
  readonly ledger: Pick<AuditedLedger, 'loadMemberships'>;
}

/**
 * Compares the editions of these days, both included, with those that the cohorts were due for. Instant cohorts are due when
 * a list has something new. Nothing records that, so the survey does not see a gap among them.
 */
export async function survey(
  { cohorts, ledger }: SurveyPorts,
  audits: readonly Pick<EditionAudit, 'edition'>[],
  first: Day,
  last: Day,
  now: Instant,
): Promise<Survey> {
  const planned = new Set(audits.map(({ edition }) => nameOf(edition)));
  const dues = toDues(await cohorts.loadAll(), first, last, addMs(now, -PLANNING_MS));
  const found = await pMap(
    dues,
    async ({ kept, editions }) => {
      if (editions === 'unknown') return [];
      const missing = editions.filter(({ edition }) => !planned.has(nameOf(edition)));
      if (missing.length === 0 || !(await cohorts.hasMembers(kept.cohort))) return [];
      return missing.map((edition) => ({ ...edition, isChangedSince: kept.lastJoinedAt > edition.dueAt }));
    },
    { concurrency: COHORTS_AT_ONCE },
  );
  const changed = found.flat().filter(({ isChangedSince }) => isChangedSince);
  const withMembers = await findWithMembersBefore(ledger, changed);
  const gaps = found.flat().map(({ edition, dueAt, isChangedSince }) => {
    return { edition, dueAt, isMaybeJoinedSince: isChangedSince && !withMembers.has(edition) };
  });
  const withoutTimes = await pMap(
    dues.filter(({ editions }) => editions === 'unknown'),
    async ({ kept: { cohort } }) => ((await cohorts.hasMembers(cohort)) ? [toCohortKey(cohort)] : []),
    { concurrency: COHORTS_AT_ONCE },
  );
  const notDue = dues.filter(({ editions }) => editions.length === 0).length;
  return { gaps, notDue, notPlannable: withoutTimes.flat() };
}

/**
 * Returns the editions that follow one of the same cohort with members. The last edition before each decides. A cohort that
 * was empty then, or is not in the ledger, may have been joined later.
 */
async function findWithMembersBefore(
  ledger: Pick<AuditedLedger, 'loadMemberships'>,
  dues: readonly DueEdition[],
): Promise<ReadonlySet<Edition>> {
  const found = new Set<Edition>();
  // The period before usually decides. The others are loaded only if it does not.
  const before = dues.map((due) => ({ due, earlier: editionsBefore(due) }));
  const last = await ledger.loadMemberships(before.flatMap(({ earlier }) => earlier.slice(0, 1)));
  await pMap(
    before,
    async ({ due: { edition }, earlier: [latest, ...others] }) => {
      if (!latest) return;
      const known = last.has(latest) ? last : await ledger.loadMemberships(others);
      const decisive = [latest, ...others].find((day) => known.has(day));
      if (decisive && known.get(decisive)) found.add(edition);
    },
    { concurrency: COHORTS_AT_ONCE },
  );
  return found;
}

/** Returns the earlier editions of the same cohort that the ledger may have, the last one first. */
function editionsBefore({ edition, day }: DueEdition): readonly Edition[] {
  const { cadence, cohort } = edition;
  if (cadence === 'instant') return [];
  const editions: Edition[] = [];
  const oldest = addDays(day, -DELIVERY_RETENTION_DAYS);
  for (let earlier = dayBefore(cadence, day); earlier >= oldest; earlier = dayBefore(cadence, earlier))
    editions.push({ cadence, cohort, period: periodOf(cadence, earlier) });
  return editions;
}

/** Returns the last earlier day on which a cohort of this cadence had an edition. */
function dayBefore(cadence: ScheduledCohort['cadence'], day: Day): Day {
  switch (cadence) {
    case 'daily':
      return addDays(day, -1);
    case 'weekly':
      return addDays(day, -7);
    case 'monthly':
      return `${addDays(day, -1).slice(0, 'yyyy-mm'.length)}-01`;
    default:
      return cadence satisfies never;
  }
}

/** An edition that was due, and the local day that it was due on. */
interface DueEdition extends Pick<Gap, 'edition' | 'dueAt'> {
  readonly day: Day;
}

interface Due {
  readonly kept: KeptCohort;
  /** `unknown` if the delivery times of the cohort cannot be computed. */
  readonly editions: readonly DueEdition[] | 'unknown';
}

/** Returns the editions that each cohort was due for on these days, up to an instant. */
function toDues(cohorts: readonly KeptCohort[], first: Day, last: Day, until: Instant): readonly Due[] {
  const zones = cohorts.flatMap(({ cohort }) => (cohort.cadence === 'instant' ? [] : [cohort.timeZone]));
  const times = new Map([...new Set(zones)].map((zone) => [zone, timesOf(zone, first, last, until)]));
  return cohorts.map((kept) => {
    const { cohort } = kept;
    if (cohort.cadence === 'instant') return { kept, editions: [] };
    const timesOfZone = times.get(cohort.timeZone);
    if (!timesOfZone) return { kept, editions: 'unknown' };
    const editions = timesOfZone.flatMap((time) =>
      editionsAt(cohort, [time]).map((edition) => ({ edition, dueAt: time.at, day: time.day })),
    );
    return { kept, editions };
  });
}

/**
 * Returns the delivery times of local days, which begin up to 14 hours before those of UTC and end up to 12 hours after.
 * Undefined for an unknown time zone.
 */
function timesOf(zone: string, first: Day, last: Day, until: Instant): readonly DeliveryTime[] | undefined {
  const start = startOfDay(addDays(first, -1));
  const end = startOfDay(addDays(last, 2));
  try {
    const times = deliveryTimesBetween(zone, start, until < end ? until : end);
    return times.filter(({ day }) => day >= first && day <= last);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

function nameOf({ period, cohort }: Edition): string {
  return `${period} ${cohort}`;
}
