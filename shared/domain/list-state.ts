import {
  dueAt,
  isBatchDay,
  type ListCalendar,
  lastBatchDay,
  lastDueDay,
  nextBatchDay,
  toListDay,
} from './list-calendar.ts';
import { addDays, type Day, type Instant } from './time.ts';

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
  /**
   * The newest day of the list with a paper. A late batch comes on a later day than its own, so `lastNewAt` cannot replace it.
   *
   * @default the day of `lastNewAt`: earlier releases did not store it
   */
  readonly newestDay?: Day | undefined;
  /** How many reads in a row have failed. */
  readonly failuresInARow: number;
  /** Whether the last read got all of the list's newest part, such as its newest day. @default true */
  readonly isNewestWhole?: boolean | undefined;
}

/** After so many failed reads in a row a list is broken. One or two may be an accident. */
const FAILURES_UNTIL_BROKEN = 3;

/** Returns the state of a list. It compares its newest day with papers with the calendar, and ignores the dates of a feed. */
export function toListState(history: ListHistory, calendar: ListCalendar, now: Instant): ListState {
  if (history.failuresInARow >= FAILURES_UNTIL_BROKEN) return 'broken';
  if (history.isNewestWhole === false) return 'partial';
  const newest = findNewestDay(history, calendar);
  const due = lastDueDay(calendar, now);
  if (due !== undefined && (newest === undefined || newest < due)) return 'stale';
  const today = toListDay(calendar, now);
  // Yesterday's papers are news as long as those of today are awaited. Without a batch today, the list has nothing new.
  const freshSince = isBatchDay(calendar, today) || due === undefined ? addDays(today, -1) : today;
  return newest !== undefined && newest >= freshSince ? 'fresh' : 'quiet';
}

/**
 * Returns the day of the newest batch that a list may have by now and that has not come. It may not be due yet. Undefined if all have
 * come, or if papers come irregularly.
 */
export function findAwaitedDay(
  history: ListHistory | undefined,
  calendar: ListCalendar,
  now: Instant,
): Day | undefined {
  const newest = history && findNewestDay(history, calendar);
  const begun = lastBatchDay(calendar, toListDay(calendar, now));
  return begun !== undefined && (newest === undefined || newest < begun) ? begun : undefined;
}

/**
 * Returns whether a read of a list may bring papers. It is `false` if the newest batch that has begun was read whole. Then every read
 * until the next batch brings the same papers again.
 */
export function isReadWorthwhile(
  history: ListHistory | undefined,
  calendar: ListCalendar,
  now: Instant,
): boolean {
  if (history?.lastSuccessAt === undefined || calendar.weekdays.length === 0) return true;
  if (history.failuresInARow > 0 || history.isNewestWhole === false) return true;
  return findAwaitedDay(history, calendar, now) !== undefined;
}

/** When the papers of a list were due, or will be. */
export interface DueTimes {
  /** When the earliest papers were due that have not come. Undefined if all have come, or none ever did. */
  readonly overdueSince?: Instant | undefined;
  /** When papers are due next. Always in the future. Undefined if papers come irregularly. */
  readonly nextDueAt?: Instant | undefined;
}

/** Returns when papers of a list were due, and when they are due next. Papers that came early are not due again. */
export function findDueTimes(
  history: Pick<ListHistory, 'lastNewAt' | 'newestDay'>,
  calendar: ListCalendar,
  now: Instant,
): DueTimes {
  const due = lastDueDay(calendar, now);
  if (due === undefined) return {};
  const newest = findNewestDay(history, calendar);
  const nextDueAt = dueAfter(calendar, newest !== undefined && newest > due ? newest : due);
  if (newest === undefined || newest >= due) return { nextDueAt };
  return { overdueSince: dueAfter(calendar, newest), nextDueAt };
}

function dueAfter(calendar: ListCalendar, day: Day): Instant | undefined {
  const next = nextBatchDay(calendar, day);
  return next && dueAt(calendar, next);
}

function findNewestDay(
  { newestDay, lastNewAt }: Pick<ListHistory, 'lastNewAt' | 'newestDay'>,
  calendar: ListCalendar,
): Day | undefined {
  return newestDay ?? (lastNewAt && toListDay(calendar, lastNewAt));
}
