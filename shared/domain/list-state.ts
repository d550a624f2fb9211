import type { ListCalendar } from './lists.ts';
import { addDays, type Day, type Instant, isoWeekdayOf, utcDayOf } from './time.ts';

/**
 * The state of a list.
 *
 * - `fresh`: new papers came.
 * - `quiet`: none came, and none were due.
 * - `partial`: its newest part could not be read completely.
 * - `stale`: papers are due and have not come.
 * - `broken`: it cannot be read.
 */
export type ListState = 'fresh' | 'quiet' | 'partial' | 'stale' | 'broken';

/** The past reads of a list. */
export interface ListHistory {
  /** When the list was last read without an error. Undefined before the first such read. */
  readonly lastSuccessAt?: Instant | undefined;
  /** When a read last found a new paper for a day of the list. Undefined before the first. */
  readonly lastNewAt?: Instant | undefined;
  /** How many reads in a row have failed. */
  readonly failuresInARow: number;
  /** Whether the last read got all of the list's newest part, such as its newest day. @default true */
  readonly isNewestWhole?: boolean | undefined;
}

/** After so many failed reads in a row a list is broken. One or two may be an accident. */
const FAILURES_UNTIL_BROKEN = 3;

/** Returns the state of a list. It compares the time of the last new paper with the calendar, and ignores the dates of a feed. */
export function toListState(history: ListHistory, calendar: ListCalendar, now: Instant): ListState {
  if (history.failuresInARow >= FAILURES_UNTIL_BROKEN) return 'broken';
  if (history.isNewestWhole === false) return 'partial';
  const lastNewDay = history.lastNewAt && utcDayOf(history.lastNewAt);
  if (!lastNewDay || lastNewDay < lastDueDay(calendar, now)) return 'stale';
  return lastNewDay >= addDays(utcDayOf(now), -1) ? 'fresh' : 'quiet';
}

/** When the papers of a list were due, or will be. */
export interface DueTimes {
  /** When the earliest papers were due that have not come. Undefined if all have come, or none ever did. */
  readonly overdueSince?: Instant | undefined;
  /** When papers are due next. Always in the future. */
  readonly nextDueAt: Instant;
}

/** Returns when papers of a list were due, and when they are due next. Papers that came early are not due again. */
export function findDueTimes(
  { lastNewAt }: Pick<ListHistory, 'lastNewAt'>,
  calendar: ListCalendar,
  now: Instant,
): DueTimes {
  const lastDue = lastDueDay(calendar, now);
  const lastNew = lastNewAt && utcDayOf(lastNewAt);
  const next = nextDay(calendar, lastNew !== undefined && lastNew > lastDue ? lastNew : lastDue);
  const nextDueAt = toDueTime(calendar, next);
  if (lastNew === undefined || lastNew >= lastDue) return { nextDueAt };
  return { overdueSince: toDueTime(calendar, nextDay(calendar, lastNew)), nextDueAt };
}

/** Returns the last day with papers that were due by `now`. */
function lastDueDay(calendar: ListCalendar, now: Instant): Day {
  const today = utcDayOf(now);
  const isPastDueHour = Number(now.slice(11, 13)) >= calendar.dueHourUtc;
  let day = isPastDueHour ? today : addDays(today, -1);
  while (!calendar.weekdays.includes(isoWeekdayOf(day))) day = addDays(day, -1);
  return day;
}

/** Returns the first day with papers after a day. */
function nextDay({ weekdays }: ListCalendar, after: Day): Day {
  let day = addDays(after, 1);
  while (!weekdays.includes(isoWeekdayOf(day))) day = addDays(day, 1);
  return day;
}

function toDueTime({ dueHourUtc }: ListCalendar, day: Day): Instant {
  return `${day}T${String(dueHourUtc).padStart(2, '0')}:00:00.000Z`;
}
