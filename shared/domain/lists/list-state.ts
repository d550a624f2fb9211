import { addDays, addMs, type Day, type Instant, MS_PER_HOUR } from '../time/time.ts';
import {
  calendarDayOf,
  dueAt,
  findHoliday,
  isDue,
  isListingDay,
  type ListCalendar,
  lastDueDay,
  lastListingDay,
  nextListingDay,
} from './list-calendar.ts';
import { countListingDays, readDays, usualEmptyShare } from './list-days.ts';

/**
 * The state of a list.
 *
 * - `fresh`: new papers came.
 * - `quiet`: none came, and none were due.
 * - `partial`: its newest part could not be read completely.
 * - `stale`: papers are due and have not come.
 * - `broken`: it cannot be read.
 */
export type ListState = ListCondition['state'];

/** The state of a list, and what a reader wants to know about it. Days are those of the list, in its own zone. */
export type ListCondition =
  | { readonly state: 'fresh' | 'partial' | 'broken' }
  | {
      readonly state: 'quiet';
      readonly today: Day;
      /**
       * Why there is nothing new. `holiday`: today has no batch because of a holiday. `weekday`: its weekday never has one. `early`: today's
       * batch is due later. `none`: no papers were due.
       */
      readonly because: 'holiday' | 'weekday' | 'early' | 'none';
      /** The name of the holiday. */
      readonly holiday?: string | undefined;
    }
  | {
      readonly state: 'stale';
      readonly today: Day;
      /** The earliest day whose papers were due and have not come. Undefined if none ever came. */
      readonly overdueDay?: Day | undefined;
    };

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
  /** What its last days brought, as `toDaysText` writes it. @default nothing is known: earlier releases did not store it */
  readonly days?: string | undefined;
}

/** A list is broken after this many failed reads in a row. One or two may be an accident. */
const FAILURES_UNTIL_BROKEN = 3;

/** Returns the state of a list. */
export function toListState(history: ListHistory, calendar: ListCalendar, now: Instant): ListState {
  return toListCondition(history, calendar, now).state;
}

/** Returns the condition of a list. It compares its newest day with papers with the calendar, and ignores the dates of a feed. */
export function toListCondition(history: ListHistory, calendar: ListCalendar, now: Instant): ListCondition {
  if (history.failuresInARow >= FAILURES_UNTIL_BROKEN) return { state: 'broken' };
  if (history.isNewestWhole === false) return { state: 'partial' };
  const today = calendarDayOf(calendar, now);
  const newest = findNewestDay(history, calendar);
  if (isOverdue(history, calendar, now)) {
    return { state: 'stale', today, overdueDay: newest && nextListingDay(calendar, newest) };
  }
  const isBatch = isListingDay(calendar, today);
  const isIrregular = calendar.weekdays.length === 0;
  // Yesterday's papers are news as long as those of today are awaited. On a day without a batch the list has nothing new.
  const freshSince = isBatch || isIrregular ? addDays(today, -1) : today;
  if (newest !== undefined && newest >= freshSince) return { state: 'fresh' };
  const holiday = findHoliday(calendar, today);
  if (holiday !== undefined) return { state: 'quiet', today, because: 'holiday', holiday };
  if (!isBatch && !isIrregular) return { state: 'quiet', today, because: 'weekday' };
  return { state: 'quiet', today, because: isBatch && !isDue(calendar, today, now) ? 'early' : 'none' };
}

/** A list that often has no papers is overdue after a pause that is less likely than this. */
const UNLIKELY = 0.01;

/** Returns whether papers are due that have not come. */
function isOverdue(history: ListHistory, calendar: ListCalendar, now: Instant): boolean {
  const due = lastDueDay(calendar, now);
  if (due === undefined) return false;
  const newest = findNewestDay(history, calendar);
  if (newest !== undefined && newest >= due) return false;
  const emptyShare = usualEmptyShare(readDays(history.days), calendar);
  const emptyDays = newest === undefined ? 1 : countListingDays(calendar, newest, due);
  return emptyShare ** emptyDays < UNLIKELY;
}

/** Returns whether a list has every batch that it may have by now. One that is not due yet may not have come. */
function hasNewestBatch(history: ListHistory, calendar: ListCalendar, now: Instant): boolean {
  const newest = findNewestDay(history, calendar);
  const begun = lastListingDay(calendar, calendarDayOf(calendar, now));
  return begun === undefined || (newest !== undefined && newest >= begun);
}

/** How long after its due hour a batch is awaited on a list that often has none. */
const SMALL_PATIENCE_MS = 4 * MS_PER_HOUR;

/**
 * Returns whether a read of a list may bring papers. It is for a source whose lists change once a day. Once its newest batch was read
 * whole, a list has nothing new before the next one. No read is worthwhile on a day without a
 * batch. If papers come irregularly, every read is.
 */
export function isReadWorthwhile(
  history: ListHistory | undefined,
  calendar: ListCalendar,
  now: Instant,
): boolean {
  if (calendar.weekdays.length === 0) return true;
  const today = calendarDayOf(calendar, now);
  if (!isListingDay(calendar, today)) return false;
  if (history?.lastSuccessAt === undefined) return true;
  if (history.failuresInARow > 0 || history.isNewestWhole === false) return true;
  if (hasNewestBatch(history, calendar, now)) return false;
  if (usualEmptyShare(readDays(history.days), calendar) === 0) return true;
  return now < addMs(dueAt(calendar, today), SMALL_PATIENCE_MS);
}

/** When the papers of a list were due, or will be. */
export interface DueTimes {
  /** When the earliest papers were due that have not come. Undefined if all have come, or none ever did. */
  readonly overdueSince?: Instant | undefined;
  /** When papers are due next. Always in the future. Undefined if papers come irregularly. */
  readonly nextDueAt?: Instant | undefined;
}

/** Returns when papers of a list were due, and when they are due next. Papers that came early are not due again. */
export function findDueTimes(history: ListHistory, calendar: ListCalendar, now: Instant): DueTimes {
  const due = lastDueDay(calendar, now);
  if (due === undefined) return {};
  const newest = findNewestDay(history, calendar);
  const nextDueAt = dueAfter(calendar, newest !== undefined && newest > due ? newest : due);
  if (newest === undefined || !isOverdue(history, calendar, now)) return { nextDueAt };
  return { overdueSince: dueAfter(calendar, newest), nextDueAt };
}

function dueAfter(calendar: ListCalendar, day: Day): Instant | undefined {
  const next = nextListingDay(calendar, day);
  return next && dueAt(calendar, next);
}

function findNewestDay({ newestDay, lastNewAt }: ListHistory, calendar: ListCalendar): Day | undefined {
  return newestDay ?? (lastNewAt && calendarDayOf(calendar, lastNewAt));
}
