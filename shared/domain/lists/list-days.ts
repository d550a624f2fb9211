import { addDays, type Day, daysFrom, type Instant } from '../time/time.ts';
import { daySchema } from '../time/time-schemas.ts';
import {
  calendarDayOf,
  dueAt,
  findHoliday,
  isDue,
  isListingDay,
  type ListCalendar,
} from './list-calendar.ts';

/** How many days of a list are remembered, today included. */
export const DAYS_REMEMBERED = 30;

/** The result of all reads of one day of a list. */
export interface DayRecord {
  /** Papers on the list of that day. */
  readonly papers: number;
  /** Whether the first of them came after they were due. */
  readonly isLate: boolean;
  /** Whether papers may be missing: it was read, but neither the last read on the day itself nor a later one was whole. */
  readonly isPartial: boolean;
}

const NO_PAPERS: DayRecord = { papers: 0, isLate: false, isPartial: false };

/** The remembered days of a list: every day from the first read on, oldest first. */
export type DayRecords = ReadonlyMap<Day, DayRecord>;

const WORD = /^(\d{1,6})(L?)(P?)$/;

/**
 * Parses the days that {@link toDaysText} wrote: `2026-11-23 113 94L 0P 501`. One word for each day follows the first day. It has the
 * number of papers, `L` if they were late, and `P` if the read was partial. Returns no days for any other text.
 */
export function readDays(text: string | undefined): DayRecords {
  const [first = '', ...words] = text?.split(' ') ?? [];
  const records = new Map<Day, DayRecord>();
  if (!daySchema.safeParse(first).success || words.length > DAYS_REMEMBERED) return records;
  for (const [index, word] of words.entries()) {
    const [, papers, late, partial] = WORD.exec(word) ?? [];
    if (papers === undefined) return new Map();
    records.set(addDays(first, index), {
      papers: Number(papers),
      isLate: late !== '',
      isPartial: partial !== '',
    });
  }
  return records;
}

/** Returns the days as a short text, because a source may have 155 lists and all of them are one stored item. */
export function toDaysText(records: DayRecords): string {
  const words = [...records.values()].map(
    ({ papers, isLate, isPartial }) => `${papers}${isLate ? 'L' : ''}${isPartial ? 'P' : ''}`,
  );
  return [[...records.keys()][0], ...words].join(' ');
}

/** The result of one read for one day. */
export interface DayReading {
  /** All papers on the list of the day, those of earlier reads included. @default as before */
  readonly papers?: number;
  /** When the first of them was seen. */
  readonly firstSeenAt?: Instant;
  /** @default as before */
  readonly isPartial?: boolean;
}

/**
 * Returns the days after a read at `now`. A repeated read changes nothing. Readings of days that are too old or still to come are left out.
 * Papers of a day before the list was followed are not late.
 */
export function withReadings(
  known: DayRecords,
  readings: ReadonlyMap<Day, DayReading>,
  calendar: ListCalendar,
  now: Instant,
): DayRecords {
  const today = calendarDayOf(calendar, now);
  const oldest = addDays(today, 1 - DAYS_REMEMBERED);
  const [first] = [...known.keys(), ...readings.keys(), today]
    .filter((day) => day >= oldest && day <= today)
    .sort();
  const [followedSince] = known.keys();
  return new Map(
    daysFrom(first ?? today, today).map((day) => {
      const before = known.get(day) ?? NO_PAPERS;
      const { papers = 0, firstSeenAt, isPartial = before.isPartial } = readings.get(day) ?? {};
      const isFirst = before.papers === 0 && papers > 0;
      const wasAwaited = followedSince !== undefined && followedSince <= day && isListingDay(calendar, day);
      const isLate = isFirst
        ? wasAwaited && firstSeenAt !== undefined && firstSeenAt > dueAt(calendar, day)
        : before.isLate;
      return [day, { papers: Math.max(before.papers, papers), isLate, isPartial }];
    }),
  );
}

/**
 * What a reader sees of a day.
 *
 * - `came`: its papers came. `late`: they came after they were due. `partial`: some may be missing.
 * - `unread`: the list could not be read, so it is not known whether papers came.
 * - `missing`: papers were due and did not come. `awaited`: they are due later today.
 * - `holiday`: none were due because of a holiday. `none`: none came, and none were due.
 * - `unknown`: before the list was followed.
 */
export type DayKind =
  | 'came'
  | 'late'
  | 'partial'
  | 'unread'
  | 'missing'
  | 'awaited'
  | 'holiday'
  | 'none'
  | 'unknown';

export interface ShownDay {
  readonly day: Day;
  readonly kind: DayKind;
  readonly papers: number;
  /** The name of the holiday, if the kind is `holiday`. */
  readonly holiday?: string | undefined;
}

/** Returns the last {@link DAYS_REMEMBERED} days of a list, oldest first. The last one is today. */
export function toShownDays(
  {
    days,
    lastSuccessAt,
  }: { readonly days?: string | undefined; readonly lastSuccessAt?: Instant | undefined },
  calendar: ListCalendar,
  now: Instant,
): readonly ShownDay[] {
  const records = readDays(days);
  const [followedSince] = records.keys();
  const today = calendarDayOf(calendar, now);
  const lastRead = lastSuccessAt && calendarDayOf(calendar, lastSuccessAt);
  const isSmall = usualEmptyShare(records, calendar) > 0;

  const kindOf = (day: Day): DayKind => {
    if (followedSince === undefined || day < followedSince) return 'unknown';
    const { papers, isLate, isPartial } = records.get(day) ?? NO_PAPERS;
    if (papers > 0 && isPartial) return 'partial';
    if (papers > 0) return isLate ? 'late' : 'came';
    if (isPartial && (isListingDay(calendar, day) || calendar.weekdays.length === 0)) return 'unread';
    if (findHoliday(calendar, day) !== undefined) return 'holiday';
    if (!isListingDay(calendar, day)) return 'none';
    if (!isDue(calendar, day, now)) return 'awaited';
    if (lastRead === undefined || lastRead < day) return 'unread';
    return isSmall ? 'none' : 'missing';
  };
  return daysFrom(addDays(today, 1 - DAYS_REMEMBERED), today).map((day) => {
    const kind = kindOf(day);
    const { papers } = records.get(day) ?? NO_PAPERS;
    return { day, kind, papers, holiday: kind === 'holiday' ? findHoliday(calendar, day) : undefined };
  });
}

/** A list with papers on at least this share of its days is expected to have papers every day. */
const DENSE_SHARE = 0.75;

/** Fewer days without papers may be an accident. */
const MIN_EMPTY_DAYS = 2;

/** A list is judged by the days before a pause only if there are at least this many. */
const ENOUGH_DAYS = 5;

/**
 * Returns the share of its listing days on which a list usually has no papers. A list with papers on nearly every day has a share of zero.
 * One that has been read for days without any has a share of one. Days that could not be read whole do not count. A pause that goes on now
 * counts only if hardly any days were before it.
 */
export function usualEmptyShare(records: DayRecords, calendar: ListCalendar): number {
  if (!calendar.mayBeEmpty) return 0;
  const today = [...records.keys()].at(-1);
  const papers = [...records]
    .filter(([day, { isPartial }]) => isListingDay(calendar, day) && !isPartial)
    .filter((record) => record[0] !== today || record[1].papers > 0)
    .map((record) => record[1].papers);
  const beforePause = papers.slice(0, papers.findLastIndex((count) => count > 0) + 1);
  const judged = beforePause.length >= ENOUGH_DAYS ? beforePause : papers;
  const empty = judged.filter((count) => count === 0).length;
  const isSmall = empty >= MIN_EMPTY_DAYS && empty > (1 - DENSE_SHARE) * judged.length;
  return isSmall ? empty / judged.length : 0;
}

/** Returns how many listing days there are after one day and up to another. */
export function countListingDays(calendar: ListCalendar, after: Day, upTo: Day): number {
  return daysFrom(addDays(after, 1), upTo).filter((day) => isListingDay(calendar, day)).length;
}
