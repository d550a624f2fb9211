// Functions of Temporal: of its classes, all 55 KB would be in every bundle.
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
} from './time.ts';

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

/** The 24 delivery times of one local day; none for a day that the zone skips. */
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

/** The first moment of a day in a zone. */
function startOf(day: Day, timeZone: string): ZonedDateTime.Record {
  return PlainDate.toZonedDateTime(PlainDate.create(...partsOf(day)), timeZone);
}

/** Milliseconds since 1970 of a local hour on a day with a clock change. */
function firstInstantAt(day: Day, hour: number, timeZone: string): number {
  const asked = PlainDateTime.create(...partsOf(day), hour);
  const found = PlainDateTime.toZonedDateTime(asked, timeZone, { disambiguation: 'compatible' });
  if (PlainDateTime.equals(ZonedDateTime.toPlainDateTime(found), asked)) return found.epochMilliseconds;
  // The hour fell into a gap, and `found` lies behind it by as much as the asked time lay inside.
  const gapEnd = ZonedDateTime.getTimeZoneTransition(ZonedDateTime.addNanoseconds(found, 1), 'previous');
  return (gapEnd ?? found).epochMilliseconds;
}

function partsOf(day: Day): [year: number, month: number, day: number] {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return [year, month, date];
}
