import type { ListId } from '../../domain/lists/lists.ts';
import { jsonTextOf } from '../../domain/text/json-text.ts';
import { addDays, type Day, type Instant } from '../../domain/time/time.ts';
import { daySchema, instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import type { ItemNote, UnreadDays } from '../source.ts';

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
  /** When a request for it failed first since a part was read to its end. */
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

/** What is left of a gap that cannot be read. */
export type BrokenGap = z.infer<typeof brokenGapSchema>;

/** A stored cursor, as far as it can be read. */
export interface CursorReading extends ArxivCursor {
  /** Gaps that cannot be read. Without a category, it is unknown which list has missed something. */
  readonly brokenGaps: readonly BrokenGap[];
  /** What cannot be read, each with what happens about it. */
  readonly faults: readonly ItemNote[];
  /** Returns whether the cursor had a day of a category that cannot be read. */
  hasLostDay(category: string): boolean;
}

/** Returns the list of a category. */
export function listOf(category: string): ListId {
  return `arxiv/${category}`;
}

/** Returns the text that is stored. */
export function printArxivCursor(cursor: ArxivCursor): string {
  return JSON.stringify(cursor);
}

/** Returns a stored cursor. An entry that cannot be read costs only itself. Undefined if there is none. */
export function readCursor(text: string | undefined): CursorReading | undefined {
  if (text === undefined) return undefined;
  const {
    days: storedDays,
    gaps: storedGaps,
    isOaiDown,
  } = jsonTextOf(looseCursorSchema).safeParse(text).data ?? {};
  const days = Object.entries(storedDays ?? {}).map(([category, value]) => ({
    category,
    day: daySchema.safeParse(value).data,
  }));
  const gaps = (storedGaps ?? [undefined]).map((value) => ({ value, read: gapSchema.safeParse(value) }));
  const broken = gaps.flatMap(({ value, read: { error } }) =>
    error ? [{ gap: brokenGapSchema.parse(value), path: error.issues[0]?.path.join('.') }] : [],
  );
  return {
    days: Object.fromEntries(days.flatMap(({ category, day }) => (day ? [[category, day]] : []))),
    gaps: gaps.flatMap(({ read }) => read.data ?? []),
    isOaiDown,
    brokenGaps: broken.map(({ gap }) => gap),
    faults: [
      ...(storedDays ? [] : [{ item: 'days', reason: `it is no object; ${FROM_HISTORY}` }]),
      ...days.flatMap(({ category, day }) =>
        day ? [] : [{ item: `days.${category}`, reason: `it is no day; ${FROM_HISTORY}` }],
      ),
      ...broken.map(({ gap: { category, from, until }, path }) => ({
        item: storedGaps ? `gap of ${category ?? 'an unknown category'}` : 'gaps',
        reason: `${path ? `its ${path}` : 'it'} cannot be read; ${
          category === undefined
            ? 'days without papers are read again'
            : `days from ${from ?? 'the first one known'} to ${until ?? 'yesterday'} are read again`
        }`,
      })),
    ],
    hasLostDay: (lost) => !storedDays || days.some(({ category, day }) => category === lost && !day),
  };
}

const FROM_HISTORY = 'the history of the list says what to read';

const looseCursorSchema = z.object({
  days: z.catch(z.optional(z.record(z.string(), z.unknown())), undefined),
  gaps: z.catch(z.optional(z.array(z.unknown())), undefined),
  isOaiDown: z.catch(z.optional(z.boolean()), undefined),
});

/** Reads each field on its own. */
const brokenGapSchema = z.catch(
  z.object({
    category: z.catch(z.optional(z.string()), undefined),
    from: z.catch(z.optional(daySchema), undefined),
    until: z.catch(z.optional(daySchema), undefined),
    isNew: z.catch(z.optional(z.boolean()), undefined),
  }),
  {},
);

/** Returns a stored gap. Undefined if there is none, or if it cannot be read. */
export function readGap(text: string | undefined): Gap | undefined {
  return jsonTextOf(gapSchema).safeParse(text).data;
}

/** Returns the parts of a cursor that cannot be read, each with what happens about it. */
export function findFaults(cursor: string | undefined): readonly ItemNote[] {
  return readCursor(cursor)?.faults ?? [];
}

/** Returns the parts of a gap that are still to be read. The first one is asked for now. */
export function gapPartsOf({ from, parts }: Pick<Gap, 'from' | 'parts'>): readonly [Part, ...Part[]] {
  return parts ?? [{ from: addDays(from, -1) }];
}

/** Returns the days that a cursor still has to read, because requests for them failed. */
export function findUnread(cursor: string | undefined): readonly UnreadDays[] {
  return (readCursor(cursor)?.gaps ?? []).flatMap((gap) => {
    const { category, failingSince, retryAt } = gap;
    if (failingSince === undefined) return [];
    return unreadSpans(gap).map((span) => ({ list: listOf(category), ...span, failingSince, retryAt }));
  });
}

/** Returns the missed days of the parts that are still to be read. */
function unreadSpans({ from, until, parts }: Gap): readonly Pick<UnreadDays, 'from' | 'until'>[] {
  const clamp = (day: Day) => {
    if (day < from) return from;
    return day > until ? until : day;
  };
  const missed = gapPartsOf({ from, parts }).map((part) => ({
    from: clamp(part.from),
    until: clamp(part.until ?? until),
  }));
  return toSpans(missed).map((span) => ({ from: span.from, until: span.until ?? until }));
}

/** Returns the parts in the order of their days. Those that follow each other or overlap are one. */
export function toSpans(parts: readonly Part[]): readonly Part[] {
  const spans: Part[] = [];
  for (const part of [...parts].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = spans.at(-1);
    if (last === undefined || (last.until !== undefined && part.from > addDays(last.until, 1)))
      spans.push(part);
    else if (last.until !== undefined && (part.until === undefined || part.until > last.until))
      spans.splice(-1, 1, { ...last, until: part.until });
  }
  return spans;
}
