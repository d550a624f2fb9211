import { arxivCalendar } from '../../domain/arxiv-calendar.ts';
import { calendarDayOf, isListingDay, lastListingDay, nextListingDay } from '../../domain/list-calendar.ts';
import { readDays, usualEmptyShare } from '../../domain/list-days.ts';
import { isReadWorthwhile, type ListHistory } from '../../domain/list-state.ts';
import type { ListId } from '../../domain/lists.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  isoWeekdayOf,
  MS_PER_DAY,
  MS_PER_HOUR,
  msBetween,
} from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { UnreadDays } from '../source.ts';

const daySchema = z.iso.date();
const instantSchema = z.iso.datetime({ precision: 3 });

const gapSchema = z.object({
  category: z.string(),
  from: daySchema,
  until: daySchema,
  token: z.optional(z.string()),
  tokenDay: z.optional(daySchema),
  isNew: z.optional(z.boolean()),
  askAt: z.optional(instantSchema),
  pages: z.optional(z.int()),
  failingSince: z.optional(instantSchema),
  retryAt: z.optional(instantSchema),
});

/** Batches of a category that were missed, and how far they are back-filled. */
export interface Gap {
  readonly category: string;
  /** The first and the last missed day. */
  readonly from: Day;
  readonly until: Day;
  /** The token of the next page, and the day of UTC on which arXiv gave it. It is valid on that day. */
  readonly token?: string | undefined;
  readonly tokenDay?: Day | undefined;
  /** Whether the category was not followed before. Then nothing says which older papers it has announced. */
  readonly isNew?: boolean | undefined;
  /** When to ask again for days that were empty. Undefined if the gap was not read to its end yet. */
  readonly askAt?: Instant | undefined;
  /** How many pages were read since its start. */
  readonly pages?: number | undefined;
  /** When a request for it failed first. It stays until the gap is read to its end. */
  readonly failingSince?: Instant | undefined;
  /** When to ask again after a failure. Undefined if the last request succeeded. */
  readonly retryAt?: Instant | undefined;
}

/** Where the source goes on: per category the day up to which every batch was read or is in a gap. */
export interface ArxivCursor {
  readonly days: Readonly<Record<string, Day>>;
  readonly gaps: readonly Gap[];
}

const cursorSchema = z.object({ days: z.record(z.string(), daySchema), gaps: z.array(gapSchema) });

/** Older batches are given up. The command `backfill` reads them. */
const MAX_DAYS_BACK = 30;

/** What a run has to read. */
export interface ReadingPlan {
  /** The cursor before the first request. */
  readonly cursor: ArxivCursor;
  /** The categories whose feed may have papers that were never seen. */
  readonly feed: readonly string[];
  /** Missed batches to ask for now, oldest first. */
  readonly gaps: readonly Gap[];
  /** Missed batches that are too old by now. */
  readonly givenUp: readonly Gap[];
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

/** Returns the list of a category. */
export function listOf(category: string): ListId {
  return `arxiv/${category}`;
}

/** Returns the text that is stored. */
export function printCursor(cursor: ArxivCursor): string {
  return JSON.stringify(cursor);
}

/**
 * Decides what to read. A feed has only the newest batch. So each batch day before today was read, or it is a gap. A day was read if the
 * list has papers of that day and the feed was whole. A day without papers of a category is checked in this way, and again for two days.
 *
 * - A category that is new to the source begins with the newest batch.
 * - A category that is no longer followed is forgotten.
 * - A cursor that cannot be read is replaced by what the histories know.
 */
export function planReading({ lists, histories, cursor: text, now }: PlanInput): ReadingPlan {
  const today = calendarDayOf(arxivCalendar, now);
  const earliest = addDays(today, -MAX_DAYS_BACK);
  const stored = parseJson(cursorSchema, text);
  const categories = lists.map(categoryOf);
  const days: Record<string, Day> = {};
  const gaps = (stored?.gaps ?? [])
    .filter(({ category }) => categories.includes(category))
    .flatMap((gap) => withoutReadDays(gap, histories[listOf(gap.category)], today) ?? []);

  for (const list of lists) {
    const category = categoryOf(list);
    const history = histories[list];
    const known = stored?.days[category] ?? (stored ? undefined : history?.newestDay);
    const start = addDays(lastListingDay(arxivCalendar, today) ?? today, -1);
    const from = known !== undefined && known < today ? known : start;
    const missed = daysFrom(addDays(from, 1), addDays(today, -1)).filter(
      (day) => day >= earliest && isListingDay(arxivCalendar, day) && !wasRead(history, day),
    );
    const [first, last] = [missed[0], missed.at(-1)];
    if (first !== undefined && last !== undefined) {
      const [followedSince] = readDays(history?.days).keys();
      const isNew = followedSince === undefined || followedSince >= first;
      gaps.push({ category, from: first, until: last, ...(isNew && { isNew }) });
    }
    days[category] = addDays(today, -1);
  }

  const isToday = isListingDay(arxivCalendar, today);
  const open = gaps.filter(({ until }) => until >= earliest);
  return {
    cursor: { days, gaps: open },
    feed: lists
      .filter((list) => isToday && isReadWorthwhile(histories[list], arxivCalendar, now))
      .map(categoryOf),
    gaps: open
      .filter(({ askAt = now, retryAt = now }) => askAt <= now && retryAt <= now)
      .sort((a, b) => (a.from < b.from ? -1 : 1)),
    givenUp: gaps.filter(({ until }) => until < earliest),
  };
}

/** After an hour of failures, a gap waits for a quarter of an hour. After a day of them, it waits for six hours. */
const SHARE_WAITED = 1 / 4;

const LONGEST_WAIT_MS = MS_PER_DAY;

/**
 * Returns a gap after a failed request. The longer it fails, the fewer requests it gets. So a page that never works gets about fifty
 * requests in the thirty days, and one that works again is read soon.
 *
 * @param leastMs the shortest time until the next request
 */
export function afterFailure(gap: Gap, now: Instant, leastMs = 0): Gap {
  const { failingSince = now } = gap;
  const waitMs = Math.min(msBetween(failingSince, now) * SHARE_WAITED, LONGEST_WAIT_MS);
  return { ...gap, failingSince, retryAt: addMs(now, Math.max(leastMs, Math.round(waitMs))) };
}

/** Returns the days that a cursor still has to read, because requests for them failed. */
export function findUnread(cursor: string | undefined): readonly UnreadDays[] {
  return (parseJson(cursorSchema, cursor)?.gaps ?? []).flatMap(
    ({ category, from, until, failingSince, retryAt }) =>
      failingSince === undefined ? [] : [{ list: listOf(category), from, until, failingSince, retryAt }],
  );
}

/** OAI-PMH may have a batch a day after its announcement. An empty day is asked for again on so many days after it. */
const ASK_AGAIN_DAYS = 2;

/** How long after an empty answer a day is asked for again. A list that often has no papers can wait longer. */
const ASK_AGAIN_MS = 3 * MS_PER_HOUR;
const ASK_AGAIN_SMALL_MS = 12 * MS_PER_HOUR;

/**
 * Returns the days of a gap to look at again after it was read to its end. By then the history knows which of them have papers: see
 * {@link planReading}. Undefined if the gap is too old, or the category is new, so that nobody misses its papers.
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
  const empty = daysFrom(gap.from, gap.until).filter(
    (day) =>
      day >= addDays(today, -ASK_AGAIN_DAYS) &&
      isListingDay(arxivCalendar, day) &&
      (records.get(day)?.papers ?? 0) === 0,
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
 * begins anew without one. What goes on days later has a later end.
 */
export function toWantedGap(list: ListId, from: Day, cursor: string | undefined, now: Instant): Gap {
  const until = addDays(calendarDayOf(arxivCalendar, now), -1);
  return { category: categoryOf(list), from, isNew: true, ...parseJson(gapSchema, cursor), until };
}

function parseJson<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string | undefined,
): z.infer<Schema> | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Returns the day of a batch that a feed claims to be of `announcedAt`. The dates of a feed may be a day behind. So a feed that claims
 * a day that was read before, or none that can be, is of the newest batch.
 */
export function toFeedDay(announcedAt: Instant | undefined, newestDay: Day | undefined, now: Instant): Day {
  const today = calendarDayOf(arxivCalendar, now);
  const newest = lastListingDay(arxivCalendar, today) ?? today;
  const claimed = announcedAt && lastListingDay(arxivCalendar, calendarDayOf(arxivCalendar, announcedAt));
  const isPossible = claimed !== undefined && claimed <= newest && claimed > addDays(newest, -7);
  return isPossible && (newestDay === undefined || claimed > newestDay) ? claimed : newest;
}

/** From the deadline for submissions, 14:00 in New York, to the end of the day. */
const AFTER_DEADLINE_MS = 10 * MS_PER_HOUR;

/** Returns the day of the batch after the deadline of a submission. That of a weekend is on Monday. */
export function toListingDay(submittedAt: Instant): Day {
  let deadline = calendarDayOf(arxivCalendar, addMs(submittedAt, AFTER_DEADLINE_MS));
  while (isoWeekdayOf(deadline) > 5) deadline = addDays(deadline, 1);
  return nextListingDay(arxivCalendar, deadline) ?? deadline;
}

/** A paper may wait for moderation this long before it is announced. */
const MAX_DAYS_HELD = 7;

/** What OAI-PMH says about the announcement of a paper. */
export interface Announced {
  readonly submittedAt: Instant | undefined;
  /** The day of the last change. The announcement was not later. */
  readonly changedOn: Day | undefined;
  /** Whether it has one version only. */
  readonly isFirst: boolean;
}

/**
 * Returns the day of a gap on which a paper was announced. Undefined if that was before or after the gap. Papers of a deadline are
 * announced on the same evening, and those of a Friday on Sunday evening. They are in the batch of the next day. A paper that waited for
 * moderation counts for the first day of the gap. If its list had it before, that listing stays. A new category has no such papers.
 *
 * @see https://info.arxiv.org/help/availability.html
 */
export function toGapDay(
  { submittedAt, changedOn, isFirst }: Announced,
  { from, until, isNew }: Gap,
): Day | undefined {
  // A paper with one version last changed when it was announced.
  const expected = submittedAt ? toListingDay(submittedAt) : isFirst ? changedOn : undefined;
  if (expected === undefined) return undefined;
  const day = changedOn !== undefined && changedOn < expected ? changedOn : expected;
  if (day > until) return undefined;
  if (day >= from) {
    const batch = lastListingDay(arxivCalendar, day) ?? day;
    return batch < from ? undefined : batch;
  }
  const mayBeHeld = isFirst && !isNew && day >= addDays(from, -MAX_DAYS_HELD);
  return mayBeHeld ? from : undefined;
}
