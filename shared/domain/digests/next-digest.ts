import type { Subscriber } from '../subscribers/subscriber.ts';
import { addMs, type Instant, MS_PER_DAY } from '../time/time.ts';
import { timeZoneSchema } from '../time/time-zone.ts';
import { cohortsOf, type Edition, editionsAt } from './cohort.ts';
import { type DeliveryTime, deliveryTimesBetween } from './delivery-times.ts';

/** More than a month, so that every cadence has a delivery time in it after today. */
const LOOK_AHEAD_DAYS = 33;

/** The days are looked at in steps, because most digests are daily and each day has 24 delivery times. */
const STEP_DAYS = 3;

/**
 * Returns when the next digest is due: the earliest delivery time after an instant, or `when-new` if any subscription is instant.
 * Undefined if no time can be found, or if the stored zone is invalid.
 *
 * @param recorded digests that have a record. They are not due again
 */
export function nextDigestAt(
  subscriber: Pick<Subscriber, 'subscriptions' | 'timeZone' | 'hour' | 'weekday'>,
  after: Instant,
  recorded: readonly Pick<Edition, 'cadence' | 'period'>[] = [],
): Instant | 'when-new' | undefined {
  const cohorts = cohortsOf(subscriber);
  if (cohorts.some(({ cadence }) => cadence === 'instant')) return 'when-new';
  if (!timeZoneSchema.safeParse(subscriber.timeZone).success) return undefined;
  const isRecorded = ({ cadence, period }: Edition) =>
    recorded.some((digest) => digest.cadence === cadence && digest.period === period);
  const isDue = (time: DeliveryTime) =>
    cohorts.some(
      (cohort) =>
        cohort.cadence !== 'instant' && editionsAt(cohort, [time]).some((edition) => !isRecorded(edition)),
    );
  for (let day = 0; day < LOOK_AHEAD_DAYS; day += STEP_DAYS) {
    const from = addMs(after, day * MS_PER_DAY);
    const until = addMs(from, STEP_DAYS * MS_PER_DAY);
    const due = deliveryTimesBetween(subscriber.timeZone, from, until).find(isDue);
    if (due) return due.at;
  }
  return undefined;
}
