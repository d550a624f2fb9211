import { paperFactsSchema } from '../domain/paper.ts';
import { type Day, type Instant, utcDayOf } from '../domain/time.ts';
import { readName, toHfFacts } from './hf-facts.ts';
import { hfItemSchema } from './hf-item-schema.ts';
import { readInstant } from './iso-time.ts';
import { toPlainText } from './plain-text.ts';
import type { Rejection, SourceItem } from './source.ts';

/** The list of this source, which has one. */
export const HF_DAILY_LIST = 'hf-daily';

/** What an item of the answer is read with. */
export interface HfItemContext {
  /** Where the item stands in its answer, from 0. */
  readonly position: number;
  /** The day whose list was asked for. */
  readonly askedDay: Day;
  readonly now: Instant;
}

export type HfItemReading =
  | { readonly kind: 'item'; readonly item: SourceItem }
  | { readonly kind: 'rejection'; readonly rejection: Rejection };

/** What an item cannot do without, and what is expected there. */
const EXPECTED: Readonly<Record<string, string>> = {
  id: 'an arXiv id like "2501.12345"',
  title: 'a text',
  publishedAt: 'a time like "2026-01-02T00:00:00.000Z"',
};

/**
 * Reads one item of Hugging Face's list of daily papers.
 *
 * Without an id, a title or `publishedAt` there is no paper: the item is rejected, and so is a withdrawn paper. Everything
 * else may be missing, null or of a wrong type, and then counts as absent. The day of the listing is the UTC day of
 * `submittedOnDailyAt`, otherwise the day that was asked for.
 */
export function parseHfItem(raw: unknown, { position, askedDay, now }: HfItemContext): HfItemReading {
  const read = hfItemSchema.safeParse(raw);
  if (!read.success) {
    const found = describeValue(propertyOf(raw, 'paper'));
    return reject(`#${position}`, `paper is ${found}; expected an object with the fields of a paper`);
  }
  const { paper, submittedBy } = read.data;
  const name = toPlainText(paper.id ?? '', 40) || `#${position}`;
  if (paper.withdrawnAt)
    return reject(name, `withdrawn: paper.withdrawnAt is ${describeValue(paper.withdrawnAt)}`);

  const facts = paperFactsSchema.safeParse(toHfFacts(read.data));
  if (!facts.success) {
    const field = String(facts.error.issues[0]?.path[0]);
    const found = describeValue(propertyOf(propertyOf(raw, 'paper'), field));
    return reject(name, `paper.${field} is ${found}; expected ${EXPECTED[field] ?? 'something else'}`);
  }
  const listedAt = readInstant(paper.submittedOnDailyAt);
  const listedBy = readName(paper.submittedOnDailyBy) ?? readName(submittedBy);
  const listing = {
    list: HF_DAILY_LIST,
    day: listedAt ? utcDayOf(listedAt) : askedDay,
    paperId: facts.data.id,
    firstSeenAt: now,
    ...(listedBy && { listedBy }),
  };
  return { kind: 'item', item: { facts: facts.data, listing } };
}

function reject(item: string, reason: string): HfItemReading {
  return { kind: 'rejection', rejection: { item, reason } };
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** A value from outside in a few words: `missing`, `"Jan 5"`, `a list`. */
function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return JSON.stringify(toPlainText(value, 60));
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
