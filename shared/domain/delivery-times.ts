import { Temporal } from 'temporal-polyfill';
import { type Day, type Instant, MS_PER_DAY, MS_PER_HOUR, toEpochMs, toInstant, utcDayOf } from './time.ts';

/** The moment at which the subscribers of one zone and hour are due on one of their local days. */
export interface DeliveryTime {
  /** The local day that the digest belongs to; its instant may fall on the next one when a clock change eats 23:00. */
  readonly day: Day;
  /** The local hour asked for, 0 to 23. */
  readonly hour: number;
  readonly at: Instant;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const LONGEST_OFFSET_MS = 15 * MS_PER_HOUR;

/**
 * Every delivery time of a zone in `(after, until]`, for all 24 hours, in the order of days and hours.
 *
 * An hour that a clock change skips is delivered at the first instant after the gap, and one that comes twice at its
 * first coming, so every hour has exactly one delivery time on every local day. A day that a zone skips as a whole
 * (Samoa left out 2011-12-30) has none.
 *
 * @throws RangeError for a zone that the runtime does not know
 */
export function deliveryTimesBetween(
  timeZone: string,
  after: Instant,
  until: Instant,
): readonly DeliveryTime[] {
  const first = Temporal.PlainDate.from(utcDayOf(toInstant(toEpochMs(after) - LONGEST_OFFSET_MS)));
  const last = Temporal.PlainDate.from(utcDayOf(toInstant(toEpochMs(until) + LONGEST_OFFSET_MS)));

  const times: DeliveryTime[] = [];
  let start = first.toZonedDateTime(timeZone);
  for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    const nextStart = day.add({ days: 1 }).toZonedDateTime(timeZone);
    for (const time of deliveryTimesOfDay(day, start, nextStart)) {
      if (time.at > after && time.at <= until) times.push(time);
    }
    start = nextStart;
  }
  return times;
}

/** The 24 delivery times of one local day; none for a day that the zone skips. */
function deliveryTimesOfDay(
  day: Temporal.PlainDate,
  start: Temporal.ZonedDateTime,
  nextStart: Temporal.ZonedDateTime,
): readonly DeliveryTime[] {
  if (!start.toPlainDate().equals(day)) return [];
  const name = day.toString();
  const startMs = start.epochMilliseconds;
  const isPlain = nextStart.epochMilliseconds - startMs === MS_PER_DAY && start.hour === 0;
  return HOURS.map((hour) => ({
    day: name,
    hour,
    at: toInstant(isPlain ? startMs + hour * MS_PER_HOUR : firstInstantAt(day, hour, start.timeZoneId)),
  }));
}

/** Milliseconds since 1970 of a local hour on a day with a clock change. */
function firstInstantAt(day: Temporal.PlainDate, hour: number, timeZone: string): number {
  const asked = day.toPlainDateTime({ hour });
  const found = asked.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
  if (found.toPlainDateTime().equals(asked)) return found.epochMilliseconds;
  // The hour fell into a gap, and `found` lies behind it by as much as the asked time lay inside.
  const gapEnd = found.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return (gapEnd ?? found).epochMilliseconds;
}
