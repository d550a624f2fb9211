import { cohortsOf, editionsAt } from './cohort.ts';
import { deliveryTimesBetween } from './delivery-times.ts';
import type { Subscriber } from './subscriber.ts';
import { addMs, type Instant, MS_PER_DAY } from './time.ts';
import { timeZoneSchema } from './time-zone.ts';

/** More than a month, so that every cadence has a delivery time in it. */
const LOOK_AHEAD_DAYS = 33;

/**
 * Returns when the next digest is due: the earliest delivery time after a moment, or `when-new` if any subscription is instant.
 * Undefined if no time can be found, or the stored zone is one that nothing is planned for.
 */
export function nextDigestAt(
  subscriber: Pick<Subscriber, 'subscriptions' | 'timeZone' | 'hour' | 'weekday'>,
  after: Instant,
): Instant | 'when-new' | undefined {
  const cohorts = cohortsOf(subscriber);
  if (cohorts.some(({ cadence }) => cadence === 'instant')) return 'when-new';
  if (!timeZoneSchema.safeParse(subscriber.timeZone).success) return undefined;
  const until = addMs(after, LOOK_AHEAD_DAYS * MS_PER_DAY);
  const times = deliveryTimesBetween(subscriber.timeZone, after, until);
  const isDue = (time: (typeof times)[number]) =>
    cohorts.some((cohort) => cohort.cadence !== 'instant' && editionsAt(cohort, [time]).length > 0);
  return times.find(isDue)?.at;
}
