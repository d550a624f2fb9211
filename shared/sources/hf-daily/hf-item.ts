import { arxivIdSchema, PICKING_LIST, paperFactsSchema } from '../../domain/papers/paper.ts';
import { readInstant } from '../../domain/time/iso-time.ts';
import { addDays, type Day, type Instant, utcDayOf } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import { toPlainText } from '../plain-text.ts';
import type { ItemNote, SourceItem } from '../source.ts';
import { readName, toHfFacts } from './hf-facts.ts';
import { type HfItem, hfItemSchema } from './hf-item-schema.ts';

/** What an item of the answer is read with. */
export interface HfItemContext {
  /** The position of the item in its answer, from 0. */
  readonly position: number;
  /** The day whose list was asked for. */
  readonly askedDay: Day;
  readonly now: Instant;
}

export type HfItemReading =
  | { readonly kind: 'item'; readonly item: SourceItem; readonly corrections: readonly ItemNote[] }
  | { readonly kind: 'rejection'; readonly rejection: ItemNote };

/** Hugging Face lists only papers of arXiv. */
const factsSchema = z.object({ ...paperFactsSchema.shape, id: arxivIdSchema });

/** What an item cannot do without, and what is expected there. */
const EXPECTED: Readonly<Record<string, string>> = { id: 'an arXiv id like "2501.12345"', title: 'a text' };

/**
 * How many days the day of a listing may be from the day that was asked for. In every recorded answer they are the same day;
 * one day leaves room for time zones. The digests would miss a paper that is further away.
 */
const MAX_DAYS_OFF = 1;

/** An earlier date of publishing is a clock at zero, such as 0001-01-01 or 1970-01-01. */
const FIRST_PUBLISHING_DAY: Day = '1971-01-01';

/**
 * Reads one item of Hugging Face's list of daily papers.
 *
 * Without an id or a title there is no paper: the item is rejected, and so is a withdrawn paper. Everything else may be
 * missing, null or of a wrong type, and is then unknown. Two dates have a substitute, and `corrections` says when it is used:
 *
 * - The day of the listing is the UTC day of `submittedOnDailyAt`. The day that was asked for replaces one that is further
 *   than a day away.
 * - `paper.publishedAt` is not after that day, give or take a day. Otherwise the day of the listing stands in for it. The
 *   `publishedAt` of the top level is another time: a few hours before, or that of the listing.
 */
export function parseHfItem(raw: unknown, { position, askedDay, now }: HfItemContext): HfItemReading {
  const read = hfItemSchema.safeParse(raw);
  if (!read.success) {
    const found = describeValue(propertyOf(raw, 'paper'));
    return reject(`#${position}`, `paper is ${found}; expected an object with the fields of a paper`);
  }
  const { paper, submittedBy } = read.data;
  const name = toPlainText(paper.id ?? '', 40) || `#${position}`;
  const rawPaper = propertyOf(raw, 'paper');
  const describe = (field: string) => `paper.${field} is ${describeValue(propertyOf(rawPaper, field))}`;
  if (paper.withdrawnAt) return reject(name, `withdrawn: ${describe('withdrawnAt')}`);

  const { listedOn, publishedAt, isListingDayOdd } = readDates(paper, askedDay);
  const { data: facts, error } = factsSchema.safeParse({
    ...toHfFacts(read.data),
    listedOn,
    ...(publishedAt && { publishedAt }),
  });
  if (error) {
    const field = String(error.issues[0]?.path[0]);
    return reject(name, `${describe(field)}; expected ${EXPECTED[field] ?? 'something else'}`);
  }
  const listedBy = readName(paper.submittedOnDailyBy) ?? readName(submittedBy);
  const listing = {
    list: PICKING_LIST,
    day: listedOn,
    paperId: facts.id,
    firstSeenAt: now,
    ...(listedBy && { listedBy }),
  };
  const corrections = [
    ...(isListingDayOdd ? [`${describe('submittedOnDailyAt')}; used the asked day, ${askedDay}`] : []),
    ...(publishedAt ? [] : [`${describe('publishedAt')}; used the listing day, ${listedOn}`]),
  ];
  return {
    kind: 'item',
    item: { facts, listings: [listing] },
    corrections: corrections.map((reason) => ({ item: name, reason })),
  };
}

/** Returns the day of the listing and the time of publishing. The time is undefined if it cannot be right. */
function readDates({ submittedOnDailyAt, publishedAt }: HfItem['paper'], askedDay: Day) {
  const listedAt = readInstant(submittedOnDailyAt);
  const claimedDay = listedAt && utcDayOf(listedAt);
  const isNear =
    claimedDay !== undefined &&
    claimedDay >= addDays(askedDay, -MAX_DAYS_OFF) &&
    claimedDay <= addDays(askedDay, MAX_DAYS_OFF);
  const listedOn = isNear ? claimedDay : askedDay;

  const at = readInstant(publishedAt);
  const isPlausible =
    at !== undefined && at >= FIRST_PUBLISHING_DAY && utcDayOf(at) <= addDays(listedOn, MAX_DAYS_OFF);
  return {
    listedOn,
    publishedAt: isPlausible ? at : undefined,
    isListingDayOdd: submittedOnDailyAt !== undefined && !isNear,
  };
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
