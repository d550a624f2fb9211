// Imports functions of Temporal only, because its classes would add 55 KB to every bundle.
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  MS_PER_DAY,
  MS_PER_HOUR,
  toInstant,
  utcDayOf,
} from '../time/time.ts';

/** When the digests of one zone and hour are due on a local day. */
export interface DeliveryTime {
  /** The local day of the digest. If a clock change skips 23:00, the instant is on the next day. */
  readonly day: Day;
  /** The chosen local hour, 0 to 23. */
  readonly hour: number;
  readonly at: Instant;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const LONGEST_OFFSET_MS = 15 * MS_PER_HOUR;

/**
 * Returns every delivery time of a zone in `(after, until]`, for all 24 hours, by day and hour.
 *
 * Every hour has exactly one delivery time on every local day. If a clock change skips the hour, it is the first instant after the
 * gap. If the hour comes twice, it is the first one. A skipped day has none, such as 2011-12-30 in Samoa.
 *
 * @throws RangeError if the runtime does not know the zone
 */
export function deliveryTimesBetween(
  timeZone: string,
  after: Instant,
  until: Instant,
): readonly DeliveryTime[] {
  const first = utcDayOf(addMs(after, -LONGEST_OFFSET_MS));
  const last = utcDayOf(addMs(until, LONGEST_OFFSET_MS));

  const times: DeliveryTime[] = [];
  let start = startOf(first, timeZone);
  for (const day of daysFrom(first, last)) {
    const nextStart = startOf(addDays(day, 1), timeZone);
    for (const time of deliveryTimesOfDay(day, start, nextStart)) {
      if (time.at > after && time.at <= until) times.push(time);
    }
    start = nextStart;
  }
  return times;
}

/** Returns the 24 delivery times of one local day. A day that the zone skips has none. */
function deliveryTimesOfDay(
  day: Day,
  start: ZonedDateTime.Record,
  nextStart: ZonedDateTime.Record,
): readonly DeliveryTime[] {
  if (PlainDate.toString(ZonedDateTime.toPlainDate(start)) !== day) return [];
  const startMs = start.epochMilliseconds;
  const isPlain = nextStart.epochMilliseconds - startMs === MS_PER_DAY && start.hour === 0;
  return HOURS.map((hour) => ({
    day,
    hour,
    at: toInstant(isPlain ? startMs + hour * MS_PER_HOUR : firstInstantAt(day, hour, start.timeZoneId)),
  }));
}

/** Returns the first instant of a day in a zone. */
function startOf(day: Day, timeZone: string): ZonedDateTime.Record {
  return PlainDate.toZonedDateTime(PlainDate.create(...partsOf(day)), timeZone);
}

/** Returns the delivery time of a local hour on a day with a clock change, in milliseconds since 1970. */
function firstInstantAt(day: Day, hour: number, timeZone: string): number {
  const asked = PlainDateTime.create(...partsOf(day), hour);
  const found = PlainDateTime.toZonedDateTime(asked, timeZone, { disambiguation: 'compatible' });
  if (PlainDateTime.equals(ZonedDateTime.toPlainDateTime(found), asked)) return found.epochMilliseconds;
  // The hour is in a gap. `found` is after the gap by the time from the start of the gap to the hour.
  const gapEnd = ZonedDateTime.getTimeZoneTransition(ZonedDateTime.addNanoseconds(found, 1), 'previous');
  return (gapEnd ?? found).epochMilliseconds;
}

function partsOf(day: Day): [year: number, month: number, day: number] {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return [year, month, date];
}
