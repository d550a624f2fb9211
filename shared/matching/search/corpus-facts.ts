import type { ListId } from '../../domain/lists/lists.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import type { WindowDay } from '../index/word-papers.ts';
import { linesOf, toDay } from './paper-columns.ts';
import type { SearchPart } from './search-part.ts';

/** What is known of each paper of a corpus, by its number. */
export interface CorpusFacts {
  readonly upvotes: Uint32Array;
  readonly publishedAt: Float64Array;
  readonly firstSeenAt: Float64Array;
  /** The bits of `PaperColumns.links`. */
  readonly links: Uint8Array;
  /** The newest day on which a list had it, in days since 1970. */
  readonly listedOn: Uint16Array;
  /** The months of `listedOn`, such as `2026-01`, and the index of each paper's month in them. */
  readonly months: readonly string[];
  readonly monthOf: Uint16Array;
  readonly organisations: readonly string[];
  /** The index of each paper's organisation in `organisations`. 0 stands for unknown. */
  readonly organisationOf: Uint32Array;
  readonly lists: readonly ListId[];
  /** The listings of all papers, paper by paper: the index of each list in `lists`, and the day. */
  readonly listingLists: Uint16Array;
  readonly listingDays: Uint16Array;
  readonly listingEnds: Uint32Array;
}

/** Merges the columns of the parts, in the order of the paper numbers. */
export function uniteFacts(
  parts: readonly SearchPart[],
  numberOf: ReadonlyMap<PaperId, number>,
  days: readonly WindowDay[],
): CorpusFacts {
  const paperCount = numberOf.size;
  const facts = {
    upvotes: new Uint32Array(paperCount),
    publishedAt: new Float64Array(paperCount),
    firstSeenAt: new Float64Array(paperCount),
    links: new Uint8Array(paperCount),
    organisationOf: new Uint32Array(paperCount),
  };
  const organisations = new Map([['', 0]]);
  const lists = new Map<ListId, number>();
  const chains = createChains(
    parts.reduce((sum, { columns }) => sum + columns.listingDays.length, 0),
    paperCount,
  );
  for (const [at, part] of parts.entries()) {
    const numbers = days[at]?.numbers ?? NO_NUMBERS;
    const { columns } = part;
    takeFacts(part, numbers, toNumbers(organisations, columns.organisations), facts);
    takeListings(part, numbers, numberOf, toNumbers(lists, columns.lists), chains);
  }
  const listings = flattenChains(chains);
  return {
    ...facts,
    organisations: [...organisations.keys()],
    lists: [...lists.keys()],
    ...listings,
    ...toMonths(listings.listedOn),
  };
}

const NO_NUMBERS = new Int32Array();

/** Returns the number of each line. It numbers new lines. */
function toNumbers(numbers: Map<string, number>, text: string): readonly number[] {
  return linesOf(text).map((line) => numberIn(numbers, line));
}

function numberIn(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

type OwnFacts = Pick<CorpusFacts, 'upvotes' | 'publishedAt' | 'firstSeenAt' | 'links' | 'organisationOf'>;

function takeFacts(
  { columns }: SearchPart,
  numbers: Int32Array,
  organisations: readonly number[],
  { upvotes, publishedAt, firstSeenAt, links, organisationOf }: OwnFacts,
): void {
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? -1;
    if (number < 0) continue;
    upvotes[number] = columns.upvotes[index] ?? 0;
    publishedAt[number] = columns.publishedAt[index] ?? 0;
    firstSeenAt[number] = columns.firstSeenAt[index] ?? 0;
    links[number] = columns.links[index] ?? 0;
    organisationOf[number] = organisations[columns.organisationOf[index] ?? 0] ?? 0;
  }
}

/**
 * The listings of each paper as a linked list in arrays, because a paper can be in several parts. A listing is identified by its index,
 * counted from 1. 0 is the end of a list. An object for each of the many papers would take too much memory.
 */
interface Chains {
  /** The day of a listing in the upper 16 bits, and its list in the lower ones. */
  readonly all: Uint32Array;
  readonly next: Uint32Array;
  readonly firstOf: Uint32Array;
  count: number;
}

function createChains(most: number, paperCount: number): Chains {
  return {
    all: new Uint32Array(most + 1),
    next: new Uint32Array(most + 1),
    firstOf: new Uint32Array(paperCount),
    count: 0,
  };
}

function takeListings(
  { columns, ids }: SearchPart,
  numbers: Int32Array,
  numberOf: ReadonlyMap<PaperId, number>,
  lists: readonly number[],
  chains: Chains,
): void {
  const { listingDays, listingLists, listingEnds } = columns;
  let at = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? -1;
    const paper = number < 0 ? (numberOf.get(ids[index] ?? '') ?? -1) : number;
    const end = listingEnds[index] ?? 0;
    for (; at < end; at += 1)
      addListing(chains, paper, ((listingDays[at] ?? 0) << 16) | (lists[listingLists[at] ?? 0] ?? 0));
  }
}

/** Adds a listing to a paper that does not have it. */
function addListing(chains: Chains, paper: number, listing: number): void {
  const { all, next, firstOf } = chains;
  let last = 0;
  for (let at = firstOf[paper] ?? 0; at > 0; at = next[at] ?? 0) {
    if (all[at] === listing) return;
    last = at;
  }
  chains.count += 1;
  all[chains.count] = listing;
  if (last > 0) next[last] = chains.count;
  else firstOf[paper] = chains.count;
}

type Listings = Pick<CorpusFacts, 'listingLists' | 'listingDays' | 'listingEnds' | 'listedOn'>;

/** Puts the listings of each paper side by side. */
function flattenChains({ all, next, firstOf, count }: Chains): Listings {
  const listingLists = new Uint16Array(count);
  const listingDays = new Uint16Array(count);
  const listingEnds = new Uint32Array(firstOf.length);
  const listedOn = new Uint16Array(firstOf.length);
  let end = 0;
  for (let paper = 0; paper < firstOf.length; paper += 1) {
    for (let at = firstOf[paper] ?? 0; at > 0; at = next[at] ?? 0) {
      const listing = all[at] ?? 0;
      const day = listing >>> 16;
      listingLists[end] = listing & 0xffff;
      listingDays[end] = day;
      if (day > (listedOn[paper] ?? 0)) listedOn[paper] = day;
      end += 1;
    }
    listingEnds[paper] = end;
  }
  return { listingLists, listingDays, listingEnds, listedOn };
}

/** The number of days that fit into 16 bits. */
const DAYS = 0x10000;

function toMonths(listedOn: Uint16Array): Pick<CorpusFacts, 'months' | 'monthOf'> {
  const months = new Map<string, number>();
  // 0 is unknown, so it has the number of each month plus 1.
  const known = new Uint16Array(DAYS);
  const monthOf = new Uint16Array(listedOn.length);
  for (let paper = 0; paper < listedOn.length; paper += 1) {
    const day = listedOn[paper] ?? 0;
    if (known[day] === 0) known[day] = 1 + numberIn(months, toDay(day).slice(0, 7));
    monthOf[paper] = (known[day] ?? 0) - 1;
  }
  return { months: [...months.keys()], monthOf };
}
