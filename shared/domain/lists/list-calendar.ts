import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime';
import { addDays, type Day, type Instant, isoWeekdayOf, localHourOf, toInstant } from '../time/time.ts';

/**
 * When new papers are due on a list. Papers are due on each listing day. Those papers are its batch. Days and hours are
 * those of the list's own zone, so a change of the clocks there moves them.
 */
export interface ListCalendar {
  /** An IANA time zone, such as `America/New_York`. */
  readonly timeZone: string;
  /** ISO weekdays with a batch: 1 is Monday, 7 is Sunday. Empty if papers come irregularly: then none are ever due. */
  readonly weekdays: readonly number[];
  /** The local hour by which the batch of a day is due, 0 to 23. */
  readonly dueHour: number;
  /** Days without a batch. @default none */
  readonly holidays?: Holidays | undefined;
  /** Whether a list may have no papers on a listing day, as a small category of arXiv. @default false */
  readonly mayBeEmpty?: boolean;
}

/** Holidays as far as they are published. In a year without data, a holiday looks like a late batch. */
export interface Holidays {
  /** The years with data. */
  readonly years: readonly number[];
  /** The days without a batch, each with its name for readers: `US holiday (Thanksgiving)`. */
  readonly names: ReadonlyMap<Day, string>;
}

/** The last answer of {@link toListTime}. All lists of a source ask for the same one. */
let lastTime = { timeZone: '', at: '', day: '', hour: 0 };

function toListTime({ timeZone }: ListCalendar, at: Instant): { readonly day: Day; readonly hour: number } {
  if (lastTime.at !== at || lastTime.timeZone !== timeZone)
    lastTime = { timeZone, at, ...localHourOf(at, timeZone) };
  return lastTime;
}

/** Returns the day of an instant in the zone of the list. */
export function calendarDayOf(calendar: ListCalendar, at: Instant): Day {
  return toListTime(calendar, at).day;
}

/** Returns whether the batch of a day is due by `now`. It says the same as {@link dueAt}, at a lower cost. */
export function isDue(calendar: ListCalendar, day: Day, now: Instant): boolean {
  const { day: today, hour } = toListTime(calendar, now);
  return day < today || (day === today && hour >= calendar.dueHour);
}

/** Returns the name of the holiday because of which a day has no batch. Undefined if the day has a batch, or its weekday never has one. */
export function findHoliday({ weekdays, holidays }: ListCalendar, day: Day): string | undefined {
  return weekdays.includes(isoWeekdayOf(day)) ? holidays?.names.get(day) : undefined;
}

/** Returns whether a day is a listing day. */
export function isListingDay(calendar: ListCalendar, day: Day): boolean {
  return calendar.weekdays.includes(isoWeekdayOf(day)) && !calendar.holidays?.names.has(day);
}

/** Returns whether the holidays of a year are known. A list without holidays needs no data. */
export function knowsHolidaysOf({ holidays }: ListCalendar, year: number): boolean {
  return holidays === undefined || holidays.years.includes(year);
}

/** Returns the newest listing day up to a day, which is included. Undefined if papers come irregularly. */
export function lastListingDay(calendar: ListCalendar, upTo: Day): Day | undefined {
  return findListingDay(calendar, upTo, -1);
}

/** Returns the first listing day after a day. Undefined if papers come irregularly. */
export function nextListingDay(calendar: ListCalendar, after: Day): Day | undefined {
  return findListingDay(calendar, addDays(after, 1), 1);
}

function findListingDay(calendar: ListCalendar, from: Day, step: 1 | -1): Day | undefined {
  if (calendar.weekdays.length === 0) return undefined;
  let day = from;
  while (!isListingDay(calendar, day)) day = addDays(day, step);
  return day;
}

/** Returns the newest day whose batch was due by `now`. Undefined if papers come irregularly. */
export function lastDueDay(calendar: ListCalendar, now: Instant): Day | undefined {
  const today = calendarDayOf(calendar, now);
  return lastListingDay(calendar, isDue(calendar, today, now) ? today : addDays(today, -1));
}

/** One entry for each zone, hour and day that was asked for, because Temporal is slow. All lists of arXiv share them. */
const dueTimes = new Map<string, Instant>();

/**
 * Returns when the batch of a day is due. If a change of the clocks skips the hour, it is the end of the gap. If the hour comes twice,
 * it is the first one.
 *
 * @throws RangeError if the runtime does not know the zone
 */
export function dueAt({ timeZone, dueHour }: ListCalendar, day: Day): Instant {
  const key = `${day} ${dueHour} ${timeZone}`;
  const known = dueTimes.get(key);
  if (known !== undefined) return known;
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const local = PlainDateTime.create(year, month, date, dueHour);
  const { epochMilliseconds } = PlainDateTime.toZonedDateTime(local, timeZone, {
    disambiguation: 'compatible',
  });
  const at = toInstant(epochMilliseconds);
  dueTimes.set(key, at);
  return at;
}
