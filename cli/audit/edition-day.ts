import { periodOf } from '../../shared/domain/cadence.ts';
import type { Edition } from '../../shared/domain/cohort.ts';
import { type Day, isoWeekdayOf } from '../../shared/domain/time.ts';

/**
 * Whether an edition was delivered on a local day of its cohort: a weekly one on the weekday that its cohort names
 * (`weekly#UTC#07#1`), a monthly one on the first, an instant one at a tick of that day in UTC.
 */
export function isDeliveredOn({ cadence, period, cohort }: Edition, day: Day): boolean {
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
