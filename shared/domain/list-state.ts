import type { ListCalendar } from './lists.ts';
import { addDays, type Instant, isoWeekdayOf, utcDayOf } from './time.ts';

/**
 * How a list is doing: `fresh` (new papers came), `quiet` (none came and none were due), `partial` (its newest part could
 * not be read whole), `stale` (some were due and have not come), `broken` (it cannot be read).
 */
export type ListState = 'fresh' | 'quiet' | 'partial' | 'stale' | 'broken';

/** What is known of a list's past reads. */
export interface ListHistory {
  /** When the list was last read without an error. Undefined before the first such read. */
  readonly lastSuccessAt?: Instant | undefined;
  /** When the list last brought a paper that it had not had on that day; missing before the first. */
  readonly lastNewAt?: Instant | undefined;
  /** How many reads in a row failed, up to the last one. */
  readonly failuresInARow: number;
  /** Whether the last read brought the newest part of the list, such as its newest day, whole. @default true */
  readonly isNewestWhole?: boolean | undefined;
}

/** One failed read is an accident, two may be; the third in a row is a state. */
const FAILURES_UNTIL_BROKEN = 3;

/** The state of a list, judged by papers never seen before against its calendar, not by dates that a feed claims. */
export function toListState(history: ListHistory, calendar: ListCalendar, now: Instant): ListState {
  if (history.failuresInARow >= FAILURES_UNTIL_BROKEN) return 'broken';
  if (history.isNewestWhole === false) return 'partial';
  const lastNewDay = history.lastNewAt && utcDayOf(history.lastNewAt);
  if (!lastNewDay || lastNewDay < lastDueDay(calendar, now)) return 'stale';
  return lastNewDay >= addDays(utcDayOf(now), -1) ? 'fresh' : 'quiet';
}

/** The latest day on which something should have come by `now`. */
function lastDueDay(calendar: ListCalendar, now: Instant): string {
  const today = utcDayOf(now);
  const isPastDueHour = Number(now.slice(11, 13)) >= calendar.dueHourUtc;
  let day = isPastDueHour ? today : addDays(today, -1);
  while (!calendar.weekdays.includes(isoWeekdayOf(day))) day = addDays(day, -1);
  return day;
}
