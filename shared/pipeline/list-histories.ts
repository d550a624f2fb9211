import { calendarDayOf } from '../domain/lists/list-calendar.ts';
import {
  type DayReading,
  type DayRecord,
  type DayRecords,
  readDays,
  toDaysText,
  withReadings,
} from '../domain/lists/list-days.ts';
import type { ListHistory } from '../domain/lists/list-state.ts';
import type { KnownList, ListId } from '../domain/lists/lists.ts';
import { type Day, type Instant, latestOf } from '../domain/time/time.ts';
import type { SourceContent } from '../sources/source.ts';
import type { SavedAnswer } from './save-answer.ts';

/**
 * What one run learns about one list. The *newest part* of a list is what its source shows now. Whether a run read the whole
 * newest part is recorded under today, even if the papers in it are of an earlier day.
 */
interface ListReading {
  /** Whether an answer says something about the newest part of the list. */
  hasAnswer: boolean;
  /** Whether such an answer could be read, at least in part. */
  isRead: boolean;
  lastNewAt: Instant | undefined;
  newestDay: Day | undefined;
  /** Whether this run read the newest part whole. Undefined if no answer says so: see {@link isNewestWholeIn}. */
  isNewestWhole: boolean | undefined;
  /** The days as they were before this run. */
  readonly known: DayRecords;
  /** What the answers say of each day. */
  readonly days: Map<Day, DayReading>;
}

/** The histories of the lists of a source, which a run brings up to date. */
export interface ListHistories {
  /** Takes in an answer, and what was saved of it. Answers of one list come oldest first. */
  note(answer: SourceContent, saved: SavedAnswer): void;
  /** Returns the histories at the end of the run, of the lists that an answer named. The caller keeps those of the others. */
  close(now: Instant): Readonly<Record<ListId, ListHistory>>;
}

export function openHistories(
  lists: readonly KnownList[],
  previous: Readonly<Record<ListId, ListHistory>>,
): ListHistories {
  const readings = new Map<ListId, ListReading>();
  const readingOf = (id: ListId) => {
    const reading = readings.get(id) ?? startReading(previous[id]);
    readings.set(id, reading);
    return reading;
  };
  return {
    note(answer, saved) {
      for (const id of answer.lists) noteAnswer(readingOf(id), answer, saved.newestAt.get(id));
      for (const { list, day, papers, firstSeenAt } of saved.days) {
        const { known, days } = readingOf(list);
        // A faulty answer makes the day partial, unless an earlier run has read the whole day. A good answer earlier in this run does not
        // prove that, because it may have been only the first page of the day.
        const isPartial = answer.problem !== undefined && !isWhole(known.get(day));
        days.set(day, { papers, firstSeenAt, isPartial });
      }
    },
    close: (now) =>
      Object.fromEntries(
        lists.flatMap((list) => {
          const reading = readings.get(list.id);
          return reading ? [[list.id, toHistory(reading, previous[list.id], list, now)]] : [];
        }),
      ),
  };
}

function startReading({ lastNewAt, newestDay, days }: Partial<ListHistory> = {}): ListReading {
  const nothing = { hasAnswer: false, isRead: false, isNewestWhole: undefined };
  return { ...nothing, lastNewAt, newestDay, known: readDays(days), days: new Map() };
}

/** Returns whether a day has papers, and none of them may be missing. */
function isWhole(record: DayRecord | undefined): boolean {
  return record !== undefined && record.papers > 0 && !record.isPartial;
}

function noteAnswer(reading: ListReading, answer: SourceContent, newestAt: Instant | undefined): void {
  reading.lastNewAt = latestOf([reading.lastNewAt, newestAt]);
  if (answer.saysNothingOfNewest) return;
  reading.hasAnswer = true;
  reading.isRead ||= !answer.problem || answer.items.length > 0;
  reading.isNewestWhole = isNewestWholeIn(answer) ?? reading.isNewestWhole;
}

/**
 * Returns whether the newest part of a list is whole after an answer. Undefined after an answer without items, such as one for a day on
 * which nothing is listed yet. But some sources say that such an answer is whole. An answer is not whole if every item is rejected.
 */
function isNewestWholeIn({
  problem,
  itemsRead,
  rejections,
  isWholeIfEmpty,
}: SourceContent): boolean | undefined {
  if (problem) return false;
  return itemsRead > 0 ? rejections.length < itemsRead : isWholeIfEmpty;
}

/** Returns the next history. A read of a list failed if no answer could be read. One unreadable day is no failure. */
function toHistory(
  { hasAnswer, isRead, lastNewAt, newestDay, isNewestWhole, known, days }: ListReading,
  previous: ListHistory | undefined,
  { calendar }: KnownList,
  now: Instant,
): ListHistory {
  const today = calendarDayOf(calendar, now);
  if (isNewestWhole !== undefined) days.set(today, { ...days.get(today), isPartial: !isNewestWhole });
  const records = withReadings(known, days, calendar, now);
  const daysWithPapers = [...days].filter(([day, { papers = 0 }]) => papers > 0 && day <= today);
  const failuresBefore = previous?.failuresInARow ?? 0;
  return {
    lastSuccessAt: isRead ? now : previous?.lastSuccessAt,
    failuresInARow: isRead ? 0 : failuresBefore + (hasAnswer ? 1 : 0),
    lastNewAt,
    newestDay: latestOf([...daysWithPapers.map(([day]) => day), newestDay]),
    isNewestWhole: isNewestWhole ?? (isNewestFilled(records) ? true : previous?.isNewestWhole),
    days: toDaysText(records),
  };
}

/** Returns a history with the days that a back-fill found papers for. Days without papers, and days that were read in part, stay as they are. */
export function withBackFilledDays(
  history: ListHistory,
  backFilled: ListHistory,
  { calendar }: KnownList,
  now: Instant,
): ListHistory {
  const found = [...readDays(backFilled.days)].filter(
    ([, { papers, isPartial }]) => papers > 0 && !isPartial,
  );
  const readings = new Map(
    found.map(([day, { papers }]) => [day, { papers, firstSeenAt: now, isPartial: false }] as const),
  );
  return {
    ...history,
    newestDay: latestOf([...readings.keys(), history.newestDay]),
    days: toDaysText(withReadings(readDays(history.days), readings, calendar, now)),
  };
}

/** Returns whether the newest day that has papers, or lacked some, is whole by now. An answer for missed days may have filled it. */
function isNewestFilled(records: DayRecords): boolean {
  const newest = [...records.values()].findLast(({ papers, isPartial }) => papers > 0 || isPartial);
  return newest !== undefined && !newest.isPartial;
}
