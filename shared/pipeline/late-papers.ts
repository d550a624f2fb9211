import { calendarDayOf, lastDueDay, lastListingDay } from '../domain/lists/list-calendar.ts';
import { findList, type ListId } from '../domain/lists/lists.ts';
import type { PaperId } from '../domain/papers/paper.ts';
import type { Cadence } from '../domain/subscribers/cadence.ts';
import { addDays, addMs, type Day, type Instant, MS_PER_DAY, MS_PER_MINUTE } from '../domain/time/time.ts';
import type { ListDay } from '../ports/snapshots.ts';
import type { ListDayPapers } from '../snapshots/list-day.ts';

/** The days between two digests of a cadence. */
const DAYS_BETWEEN: Readonly<Record<Cadence, number>> = { instant: 0, daily: 1, weekly: 7, monthly: 31 };

/** How long after papers come they are read, at the latest. A digest of that time cannot have them. */
const READ_WITHIN_MS = 30 * MS_PER_MINUTE;

/** Finds the papers of a digest that an earlier digest should have had. */
export type FindLate = (
  cadence: Cadence,
  lists: readonly ListId[],
  ids: readonly PaperId[],
) => ReadonlyMap<PaperId, ListDay>;

/**
 * Returns a function that finds the papers that come late, each with its newest listing. The last digest should have had them.
 *
 * The listings of a late paper on the given lists are all of days before today. All should have come before the usual time of the last
 * digest. On arXiv a listing should come when its day begins, and on other lists when its day is due. Papers of a list without due times are
 * never late.
 *
 * The newest day with late papers is computed once for each list and cadence, because dates in time zones cost much.
 */
export function createFindLate(listDays: readonly ListDayPapers[], now: Instant): FindLate {
  const lastLateDays = new Map<string, Day | undefined>();
  const findLastLateDay = (cadence: Cadence, list: ListId): Day | undefined => {
    const key = `${cadence} ${list}`;
    if (!lastLateDays.has(key)) lastLateDays.set(key, toLastLateDay(list, cadence, now));
    return lastLateDays.get(key);
  };
  let listingsOf: ReadonlyMap<PaperId, readonly ListDay[]> | undefined;
  return (cadence, lists, ids) => {
    listingsOf ??= toListings(listDays);
    const late = new Map<PaperId, ListDay>();
    for (const id of ids) {
      const listings = (listingsOf.get(id) ?? []).filter(({ list }) => lists.includes(list));
      const areLate = listings.every(({ list, day }) => day <= (findLastLateDay(cadence, list) ?? ''));
      const newest = listings.at(-1);
      if (newest && areLate) late.set(id, { list: newest.list, day: newest.day });
    }
    return late;
  };
}

/** Returns the newest day whose papers count as late on a list. Undefined if papers of the list are never due. */
function toLastLateDay(list: ListId, cadence: Cadence, now: Instant): Day | undefined {
  const { calendar, source } = findList(list) ?? {};
  if (!calendar) return undefined;
  const before = addMs(now, -DAYS_BETWEEN[cadence] * MS_PER_DAY - READ_WITHIN_MS);
  // arXiv announces all papers of a day at once, when the day begins. Hugging Face adds papers until they are due.
  const dueBefore =
    source === 'arxiv'
      ? lastListingDay(calendar, calendarDayOf(calendar, before))
      : lastDueDay(calendar, before);
  const yesterday = addDays(calendarDayOf(calendar, now), -1);
  return dueBefore !== undefined && yesterday < dueBefore ? yesterday : dueBefore;
}

/** Returns the lists and days of each paper, oldest first. */
function toListings(listDays: readonly ListDayPapers[]): ReadonlyMap<PaperId, readonly ListDay[]> {
  const listings = new Map<PaperId, ListDay[]>();
  for (const listDay of listDays) {
    for (const id of listDay.ids) {
      const known = listings.get(id);
      if (known) known.push(listDay);
      else listings.set(id, [listDay]);
    }
  }
  return listings;
}
