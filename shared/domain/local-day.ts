import { Temporal } from 'temporal-polyfill';
import type { Day, Instant } from './time.ts';

/** The calendar day of an instant in a time zone: `2026-01-06` for `2026-01-05T23:30:00.000Z` in Europe/Berlin. */
export function localDayOf(now: Instant, timeZone: string): Day {
  return Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
