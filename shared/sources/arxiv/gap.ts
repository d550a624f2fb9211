import type { ListId } from '../../domain/lists.ts';
import { addMs, type Day, type Instant, MS_PER_DAY, msBetween } from '../../domain/time.ts';
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

/** Returns a gap that goes on at another page. Without a token it begins at its start. */
export function withToken(
  { token: _, tokenDay: __, retryAt: ___, pages = 0, ...gap }: Gap,
  token: string | undefined,
  tokenDay?: Day,
): Gap {
  return token === undefined ? gap : { ...gap, token, tokenDay, pages: pages + 1 };
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
  return (readCursor(cursor)?.gaps ?? []).flatMap(({ category, from, until, failingSince, retryAt }) =>
    failingSince === undefined ? [] : [{ list: listOf(category), from, until, failingSince, retryAt }],
  );
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
