/**
 * An instant in UTC with milliseconds, as `Date.prototype.toISOString` writes it: `2026-01-05T08:00:00.000Z`.
 * As text, instants sort by time.
 */
export type Instant = string;

/** A calendar day without a zone: `2026-01-05`. As text, days sort by time. */
export type Day = string;

/** The start of 1970 in UTC, for a time before all others. */
export const EPOCH: Instant = '1970-01-01T00:00:00.000Z';

/** The length of a day without a clock change. */
export const MS_PER_DAY = 86_400_000;

/** The length of an hour. */
export const MS_PER_HOUR = 3_600_000;

/** The length of a minute. */
export const MS_PER_MINUTE = 60_000;

/** The maximum difference to expect between the clocks of two functions. */
export const CLOCK_SKEW_MS = 60_000;

/** The source of the current time: the system's clock, or one that a test or the demo moves. */
export interface Clock {
  now(): Instant;
}

/** The source of pauses: the system's timer, or one that moves a clock. */
export interface Timer {
  wait(ms: number): Promise<void>;
}

/** Returns the instant of a number of milliseconds since 1970. */
export function toInstant(epochMs: number): Instant {
  return new Date(epochMs).toISOString();
}

/** Returns the milliseconds from 1970 to an instant. */
export function toEpochMs(instant: Instant): number {
  return Date.parse(instant);
}

/** Returns the instant `ms` milliseconds later, or earlier if `ms` is negative. */
export function addMs(instant: Instant, ms: number): Instant {
  return toInstant(toEpochMs(instant) + ms);
}

/** Returns the milliseconds from one instant to another. Negative if `to` is the earlier one. */
export function msBetween(from: Instant, to: Instant): number {
  return toEpochMs(to) - toEpochMs(from);
}

/** Returns the earliest of the given instants, days or months. Undefined if all are undefined. */
export function earliestOf(times: readonly [string, ...(string | undefined)[]]): string;
export function earliestOf(times: Iterable<string | undefined>): string | undefined;
export function earliestOf(times: Iterable<string | undefined>): string | undefined {
  let earliest: string | undefined;
  for (const at of times) if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  return earliest;
}

/** Returns the latest of the given instants, days or months. Undefined if all are undefined. */
export function latestOf(times: readonly [string, ...(string | undefined)[]]): string;
export function latestOf(times: Iterable<string | undefined>): string | undefined;
export function latestOf(times: Iterable<string | undefined>): string | undefined {
  let latest: string | undefined;
  for (const at of times) if (at !== undefined && (latest === undefined || at > latest)) latest = at;
  return latest;
}

/** Returns the UTC day of an instant. */
export function utcDayOf(instant: Instant): Day {
  return instant.slice(0, 10);
}

/** Returns the time of day of an instant in UTC: `08:15`. */
export function toUtcTime(instant: Instant): string {
  return instant.slice(11, 16);
}

/** Returns the first instant of a UTC day. */
export function startOfDay(day: Day): Instant {
  return `${day}T00:00:00.000Z`;
}

/** Returns the day `days` later, or earlier if `days` is negative. */
export function addDays(day: Day, days: number): Day {
  return utcDayOf(addMs(startOfDay(day), days * MS_PER_DAY));
}

/** Returns every day from `first` to `last`, both included, oldest first. Empty if `last` is before `first`. */
export function daysFrom(first: Day, last: Day): readonly Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Returns how many days there are from `first` to `last`, both included. */
export function countDays(first: Day, last: Day): number {
  return (Date.parse(last) - Date.parse(first)) / MS_PER_DAY + 1;
}

/** Returns the ISO weekday of a day: 1 is Monday, 7 is Sunday. */
export function isoWeekdayOf(day: Day): number {
  return new Date(startOfDay(day)).getUTCDay() || 7;
}

/** A calendar month: `2026-01`. As text, months sort by time. */
export type Month = string;

/** Returns the month of a day. */
export function monthOf(day: Day): Month {
  return day.slice(0, 7);
}

/** Returns the days of a month, oldest first. */
export function daysOfMonth(month: Month): readonly Day[] {
  const first = `${month}-01`;
  return daysFrom(first, addDays(first, 30)).filter((day) => monthOf(day) === month);
}

/** Returns the previous month. */
export function previousMonth(month: Month): Month {
  return monthOf(addDays(`${month}-01`, -1));
}

/** The planner's unit of time: a quarter hour of UTC, because every zone's offset is a multiple of it. */
export const TICK_MS = 900_000;

/** A quarter hour of UTC, named by its first instant: `2026-01-05T08:15:00.000Z`. */
export type Tick = Instant;

/** Returns the tick of an instant. */
export function tickOf(instant: Instant): Tick {
  return toInstant(Math.floor(toEpochMs(instant) / TICK_MS) * TICK_MS);
}

/** Returns the previous tick. */
export function previousTick(tick: Tick): Tick {
  return addMs(tick, -TICK_MS);
}

/** A day and an hour, 0 to 23. */
interface LocalHour {
  readonly day: Day;
  readonly hour: number;
}

/**
 * The format of a time zone, and its last answer. A zone's offset is a multiple of a quarter hour, so that answer is the same for a tick.
 */
interface ZoneFormat {
  readonly format: Intl.DateTimeFormat;
  readonly last: { readonly tick: number; readonly local: LocalHour } | undefined;
}

/** Cached, because creating a format costs fifty times as much as using it. There are a few hundred zones at most. */
const formats = new Map<string, ZoneFormat>();

/**
 * Returns the calendar day of an instant in a time zone: `2026-01-06` for `2026-01-05T23:30:00.000Z` in Europe/Berlin. Returns the UTC
 * day if this runtime does not know the zone, so that every profile can be shown.
 */
export function localDayOf(instant: Instant, timeZone: string): Day {
  return localHourOf(instant, timeZone).day;
}

/** Returns the calendar day and the hour, 0 to 23, of an instant in a time zone. A zone that this runtime does not know counts as UTC. */
export function localHourOf(instant: Instant, timeZone: string): LocalHour {
  const tick = Math.floor(toEpochMs(instant) / TICK_MS);
  const { format = createFormat(timeZone), last } = formats.get(timeZone) ?? {};
  if (last?.tick === tick) return last.local;
  const parts = format.formatToParts(new Date(instant));
  const partOf = (type: string) => parts.find((part) => part.type === type)?.value;
  const day = `${partOf('year')}-${partOf('month')}-${partOf('day')}`;
  const local = { day, hour: Number(partOf('hour')) };
  formats.set(timeZone, { format, last: { tick, local } });
  return local;
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return createFormat('UTC');
  }
}
