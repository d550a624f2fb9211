import type { ListId } from '../lists/lists.ts';
import type { Cadence, Period } from '../subscribers/cadence.ts';
import { periodOf } from '../subscribers/cadence.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { type Day, type Instant, isoWeekdayOf, MS_PER_DAY } from '../time/time.ts';
import type { DeliveryTime } from './delivery-times.ts';

/** The subscribers who are due at the same time. */
export type Cohort = InstantCohort | ScheduledCohort;

/**
 * Every subscriber with an instant subscription. Its editions are for the followers of the lists with new papers. Earlier releases had
 * a cohort for each combination of `lists`. A profile leaves such a cohort when it is next saved.
 */
export interface InstantCohort {
  readonly cadence: 'instant';
  readonly lists?: readonly ListId[];
}

export type ScheduledCohort =
  | { readonly cadence: 'daily' | 'monthly'; readonly timeZone: string; readonly hour: number }
  | {
      readonly cadence: 'weekly';
      readonly timeZone: string;
      readonly hour: number;
      readonly weekday: number;
    };

/** The cohort of everyone with an instant subscription. It always exists, so it has no item. */
export const INSTANT_COHORT: InstantCohort = { cadence: 'instant' };

/**
 * A cohort as a text: `daily#Europe/Berlin#09`, `weekly#UTC#07#1`, `instant`. No two cohorts have the same text. Earlier releases also
 * wrote `instant#arxiv/cs.CL,hf-daily`.
 */
export type CohortKey = string;

/** An empty cohort is removed this long after the last subscriber joined it. */
export const IDLE_COHORT_MS = MS_PER_DAY;

/** One planned run of one cohort for one period. */
export interface Edition {
  readonly cadence: Cadence;
  readonly period: Period;
  readonly cohort: CohortKey;
}

/** The edition and the batch of a digest. */
export interface DigestOrigin extends Edition {
  /** The position of the batch in its edition, from 0. */
  readonly batch: number;
}

export function toCohortKey(cohort: Cohort): CohortKey {
  if (cohort.cadence === 'instant')
    return cohort.lists ? `instant#${[...new Set(cohort.lists)].sort().join(',')}` : 'instant';
  const schedule = `${cohort.cadence}#${cohort.timeZone}#${String(cohort.hour).padStart(2, '0')}`;
  return cohort.cadence === 'weekly' ? `${schedule}#${cohort.weekday}` : schedule;
}

/**
 * Returns the cohort of a key from {@link toCohortKey}.
 *
 * @throws RangeError for any other text
 */
export function parseCohortKey(key: CohortKey): Cohort {
  const parsed = splitCohortKey(key);
  if (!parsed || toCohortKey(parsed) !== key || !isDueSometime(parsed)) {
    throw new RangeError(`not a cohort: "${key}"; expected one like "daily#Europe/Berlin#09"`);
  }
  return parsed;
}

/** Returns the parts of a key without checking their values. Undefined if there is no such cadence. */
function splitCohortKey(key: CohortKey): Cohort | undefined {
  const [cadence, zoneOrLists = '', hour = '', weekday = ''] = key.split('#');
  switch (cadence) {
    case 'instant':
      return key === 'instant' ? INSTANT_COHORT : { cadence, lists: zoneOrLists.split(',') };
    case 'daily':
    case 'monthly':
      return { cadence, timeZone: zoneOrLists, hour: Number(hour) };
    case 'weekly':
      return { cadence, timeZone: zoneOrLists, hour: Number(hour), weekday: Number(weekday) };
    default:
      return undefined;
  }
}

/** Returns whether a cohort can be due: its hour and weekday exist, or it has a list. */
function isDueSometime(cohort: Cohort): boolean {
  if (cohort.cadence === 'instant') return cohort.lists?.every((list) => list !== '') ?? true;
  const isWithin = (value: number, first: number, last: number) =>
    Number.isInteger(value) && value >= first && value <= last;
  const isWeekday = cohort.cadence !== 'weekly' || isWithin(cohort.weekday, 1, 7);
  return cohort.timeZone !== '' && isWithin(cohort.hour, 0, 23) && isWeekday;
}

/** Returns the lists of the instant subscriptions, each once, in the order of their ids. */
export function instantListsOf({ subscriptions }: Pick<Subscriber, 'subscriptions'>): readonly ListId[] {
  const instant = subscriptions.filter(({ cadence }) => cadence === 'instant');
  return [...new Set(instant.flatMap(({ lists }) => lists))].sort();
}

/** Returns the cohorts of a confirmed subscriber: one for each cadence among the subscriptions. */
export function cohortsOf(
  subscriber: Pick<Subscriber, 'subscriptions' | 'timeZone' | 'hour' | 'weekday'>,
): readonly Cohort[] {
  const { subscriptions, timeZone, hour, weekday } = subscriber;
  return [...new Set(subscriptions.map(({ cadence }) => cadence))].map((cadence): Cohort => {
    switch (cadence) {
      case 'instant':
        return INSTANT_COHORT;
      case 'daily':
      case 'monthly':
        return { cadence, timeZone, hour };
      case 'weekly':
        return { cadence, timeZone, hour, weekday };
      default:
        return cadence satisfies never;
    }
  });
}

/**
 * Returns the editions of a cohort that are due at the given delivery times of its zone. They are due at the hour of the cohort. A daily
 * one is due every day, a weekly one on its weekday, a monthly one on the first of the month.
 */
export function editionsAt(cohort: ScheduledCohort, times: readonly DeliveryTime[]): readonly Edition[] {
  return times
    .filter(({ day, hour }) => hour === cohort.hour && isDueOn(cohort, day))
    .map(({ day }) => ({
      cadence: cohort.cadence,
      period: periodOf(cohort.cadence, day),
      cohort: toCohortKey(cohort),
    }));
}

/** Returns the edition for one subscriber that is sent at once on a local day. Its name ends in that day. */
export function editionAtOnce(cohort: Cohort, period: Period, name: string, day: Day): Edition {
  return { cadence: cohort.cadence, period, cohort: `${toCohortKey(cohort)}#${name}#${day}` };
}

/** The day of an edition that was sent at once: `weekly#UTC#07#1#0123456789abcdef#2026-01-06`. Earlier releases wrote no day. */
const DAY_AT_ONCE = /#(\d{4}-\d{2}-\d{2})$/;

/**
 * Returns whether an edition was delivered on a local day of its cohort. A weekly one is delivered on the weekday in its cohort
 * (`weekly#UTC#07#1`), a monthly one on the first. An instant one is delivered at a tick of that day in UTC.
 */
export function isDeliveredOn({ cadence, period, cohort }: Edition, day: Day): boolean {
  const [, dayAtOnce] = DAY_AT_ONCE.exec(cohort) ?? [];
  if (dayAtOnce !== undefined) return day === dayAtOnce;
  switch (cadence) {
    case 'instant':
      return period.startsWith(day);
    case 'daily':
      return period === day;
    case 'weekly':
      return period === periodOf('weekly', day) && cohort.split('#')[3] === String(isoWeekdayOf(day));
    case 'monthly':
      return day.endsWith('-01') && period === periodOf('monthly', day);
    default:
      return cadence satisfies never;
  }
}

/** Returns the edition of an instant cohort at a tick. */
export function instantEdition(cohort: InstantCohort, tick: Instant): Edition {
  return { cadence: 'instant', period: `${tick.slice(0, 16)}Z`, cohort: toCohortKey(cohort) };
}

function isDueOn(cohort: ScheduledCohort, day: Day): boolean {
  switch (cohort.cadence) {
    case 'daily':
      return true;
    case 'weekly':
      return isoWeekdayOf(day) === cohort.weekday;
    case 'monthly':
      return day.endsWith('-01');
    default:
      return cohort satisfies never;
  }
}
