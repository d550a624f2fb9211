import type { ListId } from '../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import { type Day, MS_PER_DAY, toEpochMs, toInstant, utcDayOf } from '../../domain/time/time.ts';
import { toEnds } from '../index/word-codes.ts';
import { hasKnownVotes } from '../trending.ts';

/** A paper, and where and when it was listed. It has one listing or more. */
export interface ListedPaper {
  readonly paper: Paper;
  readonly listings: readonly { readonly list: ListId; readonly day: Day }[];
}

/**
 * What a search knows of papers besides their words, a column for each fact. It holds only texts and typed arrays, so it can be stored as
 * bytes. A paper is identified by its index. `…Ends` has the end of the values of each paper.
 */
export interface PaperColumns {
  /** The ids, one on each line. */
  readonly ids: string;
  readonly upvotes: Uint32Array;
  readonly comments: Uint32Array;
  /** -1 if unknown. */
  readonly stars: Int32Array;
  readonly authorCounts: Uint32Array;
  /** The sum of {@link LINKS}, and {@link UNKNOWN_VOTES} if no source counts the votes. */
  readonly links: Uint8Array;
  /** Milliseconds since 1970. */
  readonly publishedAt: Float64Array;
  readonly firstSeenAt: Float64Array;
  /** The different organisations, one on each line. The first line is empty. */
  readonly organisations: string;
  /** The line of each paper's organisation. 0 if unknown. */
  readonly organisationOf: Uint32Array;
  /** The different categories, one on each line. */
  readonly categories: string;
  readonly paperCategories: Uint16Array;
  readonly categoryEnds: Uint32Array;
  /** The different lists, one on each line. */
  readonly lists: string;
  /** The list of each listing, and its day as a number of days since 1970. */
  readonly listingLists: Uint16Array;
  readonly listingDays: Uint16Array;
  readonly listingEnds: Uint32Array;
  /** The authors, one on each line, as UTF-8. */
  readonly authors: Uint8Array;
  readonly authorEnds: Uint32Array;
}

/** The links of a paper, as bits of {@link PaperColumns.links}. */
export const LINKS = { code: 1, project: 2 } as const;

/** The bit of {@link PaperColumns.links} for unknown votes and comments, whose numbers are 0. */
export const UNKNOWN_VOTES = 4;

/** Returns the columns of the papers, in their order. */
export function buildPaperColumns(listed: readonly ListedPaper[]): PaperColumns {
  const papers = listed.map(({ paper }) => paper);
  const organisations = createDictionary('');
  const categories = createDictionary();
  const lists = createDictionary();
  const encoder = new TextEncoder();
  const authors = papers.map((paper) => encoder.encode(paper.authors.map(toLine).join('\n')));
  const listings = listed.flatMap((paper) => paper.listings);
  return {
    ids: papers.map(({ id }) => id).join('\n'),
    upvotes: Uint32Array.from(papers, ({ upvotes }) => upvotes),
    comments: Uint32Array.from(papers, ({ comments }) => comments),
    stars: Int32Array.from(papers, ({ stars }) => stars ?? -1),
    authorCounts: Uint32Array.from(papers, ({ authorCount }) => authorCount),
    links: Uint8Array.from(
      papers,
      (paper) =>
        (paper.repositoryUrl ? LINKS.code : 0) +
        (paper.projectUrl ? LINKS.project : 0) +
        (hasKnownVotes(paper) ? 0 : UNKNOWN_VOTES),
    ),
    publishedAt: Float64Array.from(papers, ({ publishedAt }) => toEpochMs(publishedAt)),
    firstSeenAt: Float64Array.from(papers, ({ firstSeenAt }) => toEpochMs(firstSeenAt)),
    organisationOf: Uint32Array.from(papers, ({ organisation = '' }) => organisations.add(organisation)),
    organisations: organisations.text(),
    paperCategories: Uint16Array.from(
      papers.flatMap((paper) => paper.categories),
      categories.add,
    ),
    categories: categories.text(),
    categoryEnds: endsOf(papers.map((paper) => paper.categories.length)),
    listingLists: Uint16Array.from(listings, ({ list }) => lists.add(list)),
    listingDays: Uint16Array.from(listings, ({ day }) => toDayNumber(day)),
    listingEnds: endsOf(listed.map((paper) => paper.listings.length)),
    lists: lists.text(),
    authors: concatenate(authors),
    authorEnds: endsOf(authors.map(({ byteLength }) => byteLength)),
  };
}

/** Returns a day as the number of days since 1970-01-01. */
export function toDayNumber(day: Day): number {
  return Date.parse(`${day}T00:00:00.000Z`) / MS_PER_DAY;
}

/** Returns the day of a number of days since 1970-01-01. */
export function toDay(dayNumber: number): Day {
  return utcDayOf(toInstant(dayNumber * MS_PER_DAY));
}

/** Returns the lines of a column. */
export function linesOf(column: string): readonly string[] {
  return column === '' ? [] : column.split('\n');
}

/** Returns the ids of the papers. */
export function idsOf({ ids }: PaperColumns): readonly PaperId[] {
  return linesOf(ids);
}

const decoder = new TextDecoder();

const LINE_FEED = 10;

/** Returns the name of the author `nth` of a paper, counted from 0. It decodes no other name. */
export function authorOf({ authors, authorEnds }: PaperColumns, paper: number, nth: number): string {
  const end = authorEnds[paper] ?? 0;
  let start = authorEnds[paper - 1] ?? 0;
  for (let lines = 0; lines < nth && start < end; start += 1) if (authors[start] === LINE_FEED) lines += 1;
  let stop = start;
  while (stop < end && authors[stop] !== LINE_FEED) stop += 1;
  return decoder.decode(authors.subarray(start, stop));
}

/** Numbers distinct texts from 0, in the order of their insertion. */
function createDictionary(...known: readonly string[]) {
  const numbers = new Map(known.map((text, number) => [text, number]));
  return {
    add(text: string): number {
      const line = toLine(text);
      const number = numbers.get(line) ?? numbers.size;
      numbers.set(line, number);
      return number;
    },
    text: () => [...numbers.keys()].join('\n'),
  };
}

function toLine(text: string): string {
  return text.replaceAll('\n', ' ');
}

function endsOf(lengths: readonly number[]): Uint32Array {
  return toEnds(Uint32Array.from(lengths));
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
