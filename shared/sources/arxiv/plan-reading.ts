import { arxivCalendar } from '../../domain/lists/arxiv-calendar.ts';
import { calendarDayOf, isListingDay, lastListingDay } from '../../domain/lists/list-calendar.ts';
import { readDays, usualEmptyShare } from '../../domain/lists/list-days.ts';
import { isReadWorthwhile, type ListHistory } from '../../domain/lists/list-state.ts';
import type { ListId } from '../../domain/lists/lists.ts';
import { addDays, addMs, type Day, daysFrom, type Instant, MS_PER_HOUR } from '../../domain/time/time.ts';
import { type ArxivCursor, type BrokenGap, type Gap, listOf, readCursor, readGap } from './gap.ts';
import { giveUpBefore, joinLongFailing, LONGEST_RETRY_WAIT_MS } from './gap-progress.ts';

/** Older batches are given up. The command `backfill` reads them. */
const MAX_DAYS_BACK = 30;

/** What a run has to read. */
export interface ReadingPlan {
  /** The cursor before the first request. */
  readonly cursor: ArxivCursor;
  /** The categories whose feed may have papers that were never seen. */
  readonly feed: readonly string[];
  /** Missed batches to ask for now: those that did not fail, oldest first, and then the others. */
  readonly gaps: readonly Gap[];
  /** Missed batches that are too old by now. */
  readonly givenUp: readonly Pick<Gap, 'category' | 'from' | 'until'>[];
}

export interface PlanInput {
  readonly lists: readonly ListId[];
  readonly histories: Readonly<Record<ListId, ListHistory>>;
  readonly cursor: string | undefined;
  readonly now: Instant;
}

/** Returns the category of a list: `cs.CL` of `arxiv/cs.CL`. */
function categoryOf(list: ListId): string {
  return list.slice(list.indexOf('/') + 1);
}

/**
 * Decides what to read. A feed has only the newest batch. So each batch day before today was read, or it is a gap. A day was read if the
 * list has papers of that day and the feed was whole. A day without papers of a category is checked in this way, and again for two days.
 *
 * - A category that is new to the source begins with the newest batch.
 * - A category that is no longer followed is forgotten.
 * - A part of the cursor that cannot be read is replaced by what the histories know. If it was a gap of a known category, its days are read
 *   again. If the category is unknown, each list reads its days without papers again.
 */
export function planReading({ lists, histories, cursor: text, now }: PlanInput): ReadingPlan {
  const today = calendarDayOf(arxivCalendar, now);
  const earliest = addDays(today, -MAX_DAYS_BACK);
  const stored = readCursor(text);
  const categories = lists.map(categoryOf);
  const days: Record<string, Day> = {};
  const followed = (stored?.gaps ?? [])
    .filter(({ category }) => categories.includes(category))
    .flatMap((gap) => upTo(addDays(today, -1), gap) ?? [])
    .flatMap((gap) => withoutReadDays(gap, histories[listOf(gap.category)], today) ?? []);
  const gaps = [...joinLongFailing(followed, now)];
  // Without a cursor, it is unknown what it missed.
  const brokenGaps = stored?.brokenGaps ?? [{}];

  for (const list of lists) {
    const category = categoryOf(list);
    const history = histories[list];
    gaps.push(...toReadAgain(brokenGaps, category, history, today));
    const isKnownToSource = stored !== undefined && !stored.hasLostDay(category);
    const known = stored?.days[category] ?? (isKnownToSource ? undefined : history?.newestDay);
    const start = addDays(lastListingDay(arxivCalendar, today) ?? today, -1);
    const from = known !== undefined && known < today ? known : start;
    const missed = daysFrom(addDays(from, 1), addDays(today, -1)).filter(
      (day) => day >= earliest && isListingDay(arxivCalendar, day) && !wasRead(history, day),
    );
    const [first, last] = [missed[0], missed.at(-1)];
    if (first !== undefined && last !== undefined) {
      const [followedSince] = readDays(history?.days).keys();
      const isNew = followedSince === undefined || followedSince >= first;
      addMissed(gaps, { category, from: first, until: last, ...(isNew && { isNew }) });
    }
    days[category] = addDays(today, -1);
  }

  const aged = gaps.map((gap) => giveUpBefore(gap, earliest));
  const open = aged.flatMap(({ left }) => left ?? []);
  return {
    cursor: { days, gaps: open, isOaiDown: stored?.isOaiDown },
    feed: lists.filter((list) => isReadWorthwhile(histories[list], arxivCalendar, now)).map(categoryOf),
    gaps: open
      .filter(({ askAt = now, retryAt = now }) => isDue(askAt, now) && isDue(retryAt, now))
      .sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1)),
    givenUp: aged.flatMap(({ givenUp }) => (givenUp && hasBatch(givenUp) ? givenUp : [])),
  };
}

/** Returns gaps of a category that stand for those that cannot be read. */
function toReadAgain(
  broken: readonly BrokenGap[],
  category: string,
  history: ListHistory | undefined,
  today: Day,
): readonly Gap[] {
  const records = readDays(history?.days);
  const [earliest, yesterday] = [addDays(today, -MAX_DAYS_BACK), addDays(today, -1)];
  const [followedSince = earliest] = records.keys();
  const first = followedSince > earliest ? followedSince : earliest;
  const named = broken
    .filter((gap) => gap.category === category)
    .map(({ from = first, until = yesterday, isNew }) => ({
      category,
      from: from > until ? first : from,
      until: until < today ? until : yesterday,
      ...(isNew && { isNew }),
    }));
  const isLost = broken.some((gap) => gap.category === undefined);
  const missing = [...records].flatMap(([day, { papers, isPartial }]) =>
    day >= first && day < today && isListingDay(arxivCalendar, day) && (papers === 0 || isPartial) ? day : [],
  );
  const [from, until] = [missing[0], missing.at(-1)];
  const gaps = isLost && from && until ? [...named, { category, from, until }] : named;
  const byDays = new Map(gaps.map((gap) => [`${gap.from} ${gap.until}`, gap]));
  return [...byDays.values()].filter((gap) => gap.from <= gap.until);
}

/** Returns a gap without the days after a day. Only a wrong clock makes a gap with days to come, and they would never end. */
function upTo(last: Day, gap: Gap): Gap | undefined {
  if (gap.until <= last) return gap;
  return gap.from <= last ? { ...gap, until: last } : undefined;
}

function isDue(at: Instant, now: Instant): boolean {
  return at <= now || at > addMs(now, LONGEST_RETRY_WAIT_MS);
}

function hasBatch({ from, until }: Pick<Gap, 'from' | 'until'>): boolean {
  const last = lastListingDay(arxivCalendar, until);
  return last !== undefined && last >= from;
}

/** Adds a gap. If its category has another one that is still to be read from its start to today, that one has its days, too. */
function addMissed(gaps: Gap[], missed: Gap): void {
  const at = gaps.findIndex(
    ({ category, isNew, askAt, parts }) =>
      category === missed.category && isNew === missed.isNew && askAt === undefined && parts === undefined,
  );
  const [earlier] = at < 0 ? [] : gaps.splice(at, 1);
  gaps.push(earlier ? { ...earlier, until: missed.until } : missed);
}

/** A gap that failed comes after all others. So a few that always fail cannot take the requests of a run. */
function rankOf({ retryAt = '', from }: Gap): string {
  return `${retryAt} ${from}`;
}

/** OAI-PMH may have a batch a day after its announcement. An empty day is asked for again on this many days after it. */
const ASK_AGAIN_DAYS = 2;

/** How long after an empty answer a day is asked for again. A list that often has no papers can wait longer. */
const ASK_AGAIN_MS = 3 * MS_PER_HOUR;
const ASK_AGAIN_SMALL_MS = 12 * MS_PER_HOUR;

/**
 * Returns the days of a gap to look at again after it was read to its end. By then the history knows which of them have papers: see
 * {@link planReading}. Undefined if the gap is too old, or the category is new, so that no reader misses its papers.
 */
export function toRecheck(
  { category, from, until, isNew }: Gap,
  { histories, now }: Pick<PlanInput, 'histories' | 'now'>,
): Gap | undefined {
  const first = addDays(calendarDayOf(arxivCalendar, now), -ASK_AGAIN_DAYS);
  if (isNew || until < first) return undefined;
  const isSmall = usualEmptyShare(readDays(histories[listOf(category)]?.days), arxivCalendar) > 0;
  const askAt = addMs(now, isSmall ? ASK_AGAIN_SMALL_MS : ASK_AGAIN_MS);
  return { category, from: from < first ? first : from, until, askAt };
}

/** Returns a gap that is looked at again, without the days that have papers now. Undefined if none is left. Other gaps stay. */
function withoutReadDays(gap: Gap, history: ListHistory | undefined, today: Day): Gap | undefined {
  if (gap.askAt === undefined) return gap;
  const records = readDays(history?.days);
  const first = addDays(today, -ASK_AGAIN_DAYS);
  const empty = daysFrom(gap.from > first ? gap.from : first, gap.until).filter(
    (day) => isListingDay(arxivCalendar, day) && (records.get(day)?.papers ?? 0) === 0,
  );
  const [from, until] = [empty[0], empty.at(-1)];
  return from === undefined || until === undefined ? undefined : { ...gap, from, until };
}

/** The first day of a list is not trusted. Nothing was known by which a late feed shows. */
function wasRead(history: ListHistory | undefined, day: Day): boolean {
  return history?.newestDay === day && history.isNewestWhole !== false && readDays(history.days).size > 1;
}

/**
 * Returns what is left of a back-fill that an operator asked for: from a day up to the one before today. It goes on at its cursor, and
 * starts again without one, or with one of another category or start. If it continues on a later day, its end is later too.
 */
export function toWantedGap(list: ListId, from: Day, cursor: string | undefined, now: Instant): Gap {
  const until = addDays(calendarDayOf(arxivCalendar, now), -1);
  const wanted = { category: categoryOf(list), from, until, isNew: true };
  const stored = readGap(cursor);
  return stored?.category === wanted.category && stored.from === from ? { ...stored, ...wanted } : wanted;
}
