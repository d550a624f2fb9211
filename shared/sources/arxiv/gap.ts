import type { ListId } from '../../domain/lists.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  MS_PER_DAY,
  MS_PER_HOUR,
  msBetween,
  utcDayOf,
} from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { UnreadDays } from '../source.ts';

const daySchema = z.iso.date();
const instantSchema = z.iso.datetime({ precision: 3 });

const partSchema = z.object({ from: daySchema, until: z.optional(daySchema) });

const gapSchema = z.object({
  category: z.string(),
  from: daySchema,
  until: daySchema,
  token: z.optional(z.string()),
  tokenDay: z.optional(daySchema),
  isNew: z.optional(z.boolean()),
  askAt: z.optional(instantSchema),
  pages: z.optional(z.int()),
  parts: z.optional(z.tuple([partSchema], partSchema)),
  splitOn: z.optional(daySchema),
  failingSince: z.optional(instantSchema),
  retryAt: z.optional(instantSchema),
});

/** A part of the records of a gap: those that changed last on one of these days of UTC. */
export interface Part {
  readonly from: Day;
  /** Undefined if the part has all later changes, too. */
  readonly until?: Day | undefined;
}

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
  /** How many pages were read since the start of the part. */
  readonly pages?: number | undefined;
  /** What is still to be read, in this order. @default all that changed since the day before the gap */
  readonly parts?: readonly [Part, ...Part[]] | undefined;
  /** When it was split into parts first. Records that changed since then may have left their part before it was read. */
  readonly splitOn?: Day | undefined;
  /** When a request for it failed first. It stays until the gap is read to its end. */
  readonly failingSince?: Instant | undefined;
  /** When to ask again after a failure. Undefined if the last request succeeded. */
  readonly retryAt?: Instant | undefined;
}

/** Where the source goes on: per category the day up to which every batch was read or is in a gap. */
export interface ArxivCursor {
  readonly days: Readonly<Record<string, Day>>;
  readonly gaps: readonly Gap[];
  /** Whether the last run gave up on OAI-PMH. */
  readonly isOaiDown?: boolean | undefined;
}

const cursorSchema = z.object({
  days: z.record(z.string(), daySchema),
  gaps: z.array(gapSchema),
  isOaiDown: z.optional(z.boolean()),
});

/** Returns the list of a category. */
export function listOf(category: string): ListId {
  return `arxiv/${category}`;
}

/** Returns the text that is stored. */
export function printCursor(cursor: ArxivCursor): string {
  return JSON.stringify(cursor);
}

/** Returns a stored cursor. Undefined if there is none, or if it cannot be read. */
export function readCursor(text: string | undefined): ArxivCursor | undefined {
  return parseJson(cursorSchema, text);
}

/** Returns a stored gap. Undefined if there is none, or if it cannot be read. */
export function readGap(text: string | undefined): Gap | undefined {
  return parseJson(gapSchema, text);
}

/** Returns a gap that goes on at another page. Without a token it begins at the start of its first part. */
export function withToken(
  { token: _, tokenDay: __, retryAt: ___, pages = 0, ...gap }: Gap,
  token: string | undefined,
  tokenDay?: Day,
): Gap {
  return token === undefined ? gap : { ...gap, token, tokenDay, pages: pages + 1 };
}

/** Returns the parts of a gap that are still to be read. The first one is asked for now. */
export function partsOf({ from, parts }: Pick<Gap, 'from' | 'parts'>): readonly [Part, ...Part[]] {
  return parts ?? [{ from: addDays(from, -1) }];
}

/** Returns a gap whose first part was read to its end. Undefined if nothing is left. */
export function withoutFirstPart(gap: Gap): Gap | undefined {
  const { splitOn, ...rest } = withToken(gap, undefined);
  const [, next, ...others] = partsOf(gap);
  if (next) return { ...rest, parts: [next, ...others], splitOn };
  return splitOn === undefined ? undefined : { ...rest, parts: [{ from: splitOn }] };
}

/** After an hour of failures, a gap waits for a quarter of an hour. After a day of them, it waits for six hours. */
const SHARE_WAITED = 1 / 4;

const LONGEST_WAIT_MS = MS_PER_DAY;

/** A shorter outage is more likely than a page that never works. */
const SPLIT_AFTER_MS = MS_PER_HOUR;

interface FailureOptions {
  readonly now: Instant;
  /** The shortest time until the next request. @default 0 */
  readonly leastMs?: number | undefined;
  /** A gap that fails again is split if it has failed for so long. @default an hour */
  readonly splitAfterMs?: number | undefined;
}

/**
 * Returns a gap after a failed request.
 *
 * - The longer it fails, the fewer requests it gets. So a page that never works gets about fifty requests in the thirty days, and one
 *   that works again is read soon.
 * - If it fails for an hour, it is split into parts down to single days. A part that fails goes to the end. So a bad day holds up no other.
 */
export function afterFailure(
  gap: Gap,
  { now, leastMs = 0, splitAfterMs = SPLIT_AFTER_MS }: FailureOptions,
): Gap {
  const { failingSince = now } = gap;
  const failedMs = msBetween(failingSince, now);
  const waitMs = Math.max(leastMs, Math.round(Math.min(failedMs * SHARE_WAITED, LONGEST_WAIT_MS)));
  const isLong = gap.failingSince !== undefined && failedMs >= splitAfterMs;
  return {
    ...(isLong ? withFirstPartLast(gap, utcDayOf(now)) : gap),
    failingSince,
    retryAt: addMs(now, waitMs),
  };
}

/** Returns a gap whose first part comes last, in pieces if it has more than a day. A part that is alone and has one day stays as it is. */
function withFirstPartLast(gap: Gap, today: Day): Gap {
  const [first, ...others] = partsOf(gap);
  const pieces = split(first, today);
  const [next, ...later] = [...others, ...pieces];
  if (!next || later.length === 0) return gap;
  const splitOn = gap.splitOn ?? (pieces.length > 1 ? today : undefined);
  return { ...withToken(gap, undefined), parts: [next, ...later], splitOn };
}

/** A long part has few pieces, because each of all categories may have some in one stored item. */
const MAX_PIECES = 8;

function split({ from, until }: Part, today: Day): readonly Part[] {
  const days = daysFrom(from, until ?? addDays(today, -1));
  const size = Math.ceil(days.length / MAX_PIECES);
  const closed = days.flatMap((day, at) =>
    at % size === 0 ? [{ from: day, until: days[Math.min(at + size, days.length) - 1] }] : [],
  );
  return until === undefined ? [...closed, { from: today > from ? today : from }] : closed;
}

/** Returns the days that a cursor still has to read, because requests for them failed. */
export function findUnread(cursor: string | undefined): readonly UnreadDays[] {
  return (readCursor(cursor)?.gaps ?? []).flatMap((gap) => {
    const { category, failingSince, retryAt } = gap;
    if (failingSince === undefined) return [];
    return unreadSpans(gap).map((span) => ({ list: listOf(category), ...span, failingSince, retryAt }));
  });
}

/** Returns the missed days of the parts that are still to be read. Parts that follow each other are one span. */
function unreadSpans({ from, until, parts }: Gap): readonly Pick<UnreadDays, 'from' | 'until'>[] {
  const clamp = (day: Day) => (day < from ? from : day > until ? until : day);
  const spans: Pick<UnreadDays, 'from' | 'until'>[] = [];
  const inOrder = [...partsOf({ from, parts })].sort((a, b) => (a.from < b.from ? -1 : 1));
  for (const part of inOrder) {
    const span = { from: clamp(part.from), until: clamp(part.until ?? until) };
    const last = spans.at(-1);
    if (last && span.from <= addDays(last.until, 1)) spans.splice(-1, 1, { ...last, until: span.until });
    else spans.push(span);
  }
  return spans;
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
