import type { ListId } from '../../domain/lists.ts';
import type { PaperId } from '../../domain/paper.ts';
import { type Day, MS_PER_DAY } from '../../domain/time.ts';
import { locatePapers, numberPapers, toSearchedDays } from '../index/combine-parts.ts';
import { createConditionFinder, type FindCondition, type PaperTraits } from '../index/condition-papers.ts';
import { joinSmallDays } from '../index/join-days.ts';
import { allPapers, createBits, fromBits, type PaperSet, setBit } from '../index/paper-set.ts';
import { createTextSearch } from '../index/text-search.ts';
import type { SearchedDays, WindowDay } from '../index/word-papers.ts';
import { type AsOf, lastCountedMs, uniteVoteCounts, type VoteCounts } from './as-of.ts';
import { authorsOf, LINKS, linesOf, type PaperColumns, toDay } from './paper-columns.ts';
import { toBoost } from './score.ts';
import type { SearchPart } from './search-part.ts';
import { createWordScores, type WordScores } from './word-scores.ts';

/** Papers that can be searched, numbered from 0. It never changes. */
export interface SearchCorpus {
  readonly paperCount: number;
  readonly all: PaperSet;
  readonly ids: readonly PaperId[];
  readonly numberOf: ReadonlyMap<PaperId, number>;
  /** The indexes of the parts. Small ones are joined. */
  readonly searched: SearchedDays;
  readonly find: FindCondition;
  /** The papers that each list ever had. */
  readonly lists: ReadonlyMap<ListId, PaperSet>;
  readonly wordScores: WordScores;
  readonly facts: CorpusFacts;
  /** The vote counts of the papers that have some, by their numbers. Archived papers are not in it. */
  readonly voteCounts: VoteCounts;
  /** When the newest of the papers was first seen, and when votes were last counted. */
  readonly asOf: AsOf;
  /** What the votes and the age of each paper add to its relevance. */
  readonly boosts: Float64Array;
}

/** What is known of each paper of a corpus, by its number. */
export interface CorpusFacts {
  readonly upvotes: Uint32Array;
  readonly publishedAt: Float64Array;
  readonly firstSeenAt: Float64Array;
  /** The sum of `LINKS`. */
  readonly links: Uint8Array;
  /** The newest day on which a list had it, in days since 1970. */
  readonly listedOn: Uint16Array;
  /** The months of `listedOn`, such as `2026-01`, and the place of each paper's month in them. */
  readonly months: readonly string[];
  readonly monthOf: Uint16Array;
  readonly organisations: readonly string[];
  /** The place of each paper's organisation in `organisations`. The first one stands for unknown. */
  readonly organisationOf: Uint32Array;
  readonly lists: readonly ListId[];
  /** The listings of all papers, paper by paper: the place of each list in `lists`, and the day. */
  readonly listingLists: Uint16Array;
  readonly listingDays: Uint16Array;
  readonly listingEnds: Uint32Array;
}

/**
 * Opens a corpus over the parts, oldest first. It keeps their indexes as they are, or joins small ones, so a corpus with another part costs
 * little more than the part. A paper of several parts counts once: with the texts and numbers of the last one, and with the listings of all.
 */
export function openCorpus(parts: readonly SearchPart[]): SearchCorpus {
  const { numberOf, days } = numberPapers(parts);
  const paperCount = numberOf.size;
  const facts = uniteFacts(parts, numberOf, days);
  const places = locatePapers(days, paperCount);
  const searched = toSearchedDays(joinSmallDays(days), paperCount);
  const search = createTextSearch(searched);
  const lists = toListSets(facts, paperCount);
  const voteCounts = uniteVoteCounts(parts, days);
  const papersMs = facts.firstSeenAt.reduce((newest, ms) => Math.max(newest, ms), 0);
  return {
    ...{ paperCount, numberOf, searched, lists, facts },
    all: allPapers(paperCount),
    ids: Array.from(places.dayOf, (part, paper) => parts[part]?.ids[places.placeInDay[paper] ?? 0] ?? ''),
    wordScores: createWordScores(searched, search),
    voteCounts,
    asOf: { papersMs, votesMs: lastCountedMs(voteCounts) },
    boosts: toBoosts(facts, papersMs),
    find: createConditionFinder({
      ...{
        // Not the parts, because their indexes are not needed if they were joined.
        traits: toTraits(
          parts.map(({ columns }) => columns),
          places,
        ),
        searched,
        search,
        lists,
        numberOf,
      },
    }),
  };
}

/** Returns what the votes and the age of each paper add to its relevance at some time. */
export function toBoosts(
  { upvotes, publishedAt }: Pick<CorpusFacts, 'upvotes' | 'publishedAt'>,
  nowMs: number,
): Float64Array {
  return publishedAt.map((ms, paper) =>
    toBoost({ upvotes: upvotes[paper] ?? 0, ageDays: (nowMs - ms) / MS_PER_DAY }),
  );
}

/** Returns the lists of a paper, each once. */
export function listsOf({ facts }: SearchCorpus, paper: number): readonly ListId[] {
  const { lists, listingLists, listingEnds } = facts;
  const listed = listingLists.subarray(listingEnds[paper - 1] ?? 0, listingEnds[paper]);
  return [...new Set(listed)].flatMap((list) => lists[list] ?? []);
}

/** Returns every day on which a list had a paper. */
export function listingsOf(
  { facts }: SearchCorpus,
  paper: number,
): readonly { readonly list: ListId; readonly day: Day }[] {
  const { lists, listingLists, listingDays, listingEnds } = facts;
  const listings: { readonly list: ListId; readonly day: Day }[] = [];
  for (let at = listingEnds[paper - 1] ?? 0; at < (listingEnds[paper] ?? 0); at += 1) {
    const list = lists[listingLists[at] ?? 0];
    if (list !== undefined) listings.push({ list, day: toDay(listingDays[at] ?? 0) });
  }
  return listings;
}

function toTraits(
  columns: readonly PaperColumns[],
  { dayOf, placeInDay }: ReturnType<typeof locatePapers>,
): PaperTraits {
  const categories = columns.map((one) => linesOf(one.categories));
  const columnsOf = (paper: number) => columns[dayOf[paper] ?? 0];
  const placeOf = (paper: number) => placeInDay[paper] ?? 0;
  return {
    countOf(field, paper) {
      const own = columnsOf(paper);
      if (field === 'stars') {
        const stars = own?.stars[placeOf(paper)] ?? -1;
        return stars < 0 ? undefined : stars;
      }
      return own?.[field === 'authors' ? 'authorCounts' : field][placeOf(paper)];
    },
    has: (what, paper) => ((columnsOf(paper)?.links[placeOf(paper)] ?? 0) & LINKS[what]) !== 0,
    categoriesOf(paper) {
      const own = columnsOf(paper);
      if (!own) return [];
      const { paperCategories, categoryEnds } = own;
      const place = placeOf(paper);
      const names = categories[dayOf[paper] ?? 0] ?? [];
      return Array.from(
        paperCategories.subarray(categoryEnds[place - 1] ?? 0, categoryEnds[place]),
        (category) => names[category] ?? '',
      );
    },
    authorsOf(paper) {
      const own = columnsOf(paper);
      return own ? authorsOf(own, placeOf(paper)) : [];
    },
  };
}

function toListSets(facts: CorpusFacts, paperCount: number): ReadonlyMap<ListId, PaperSet> {
  const bits = facts.lists.map(() => createBits(paperCount));
  let at = 0;
  for (let paper = 0; paper < paperCount; paper += 1) {
    for (; at < (facts.listingEnds[paper] ?? 0); at += 1) {
      const own = bits[facts.listingLists[at] ?? 0];
      if (own) setBit(own, paper);
    }
  }
  return new Map(facts.lists.map((list, nth) => [list, fromBits(bits[nth] ?? createBits(paperCount))]));
}

const NO_NUMBERS = new Int32Array();

/** Brings the columns of the parts in the order of the papers' numbers. */
function uniteFacts(
  parts: readonly SearchPart[],
  numberOf: ReadonlyMap<PaperId, number>,
  days: readonly WindowDay[],
): CorpusFacts {
  const paperCount = numberOf.size;
  const upvotes = new Uint32Array(paperCount);
  const publishedAt = new Float64Array(paperCount);
  const firstSeenAt = new Float64Array(paperCount);
  const links = new Uint8Array(paperCount);
  const organisationOf = new Uint32Array(paperCount);
  const organisations = new Map([['', 0]]);
  const listings = uniteListings(parts, days, numberOf, paperCount);
  for (const [at, { columns }] of parts.entries()) {
    const names = linesOf(columns.organisations).map((name) => numberIn(organisations, name));
    const numbers = days[at]?.numbers ?? NO_NUMBERS;
    for (let place = 0; place < numbers.length; place += 1) {
      const number = numbers[place] ?? -1;
      if (number < 0) continue;
      upvotes[number] = columns.upvotes[place] ?? 0;
      publishedAt[number] = columns.publishedAt[place] ?? 0;
      firstSeenAt[number] = columns.firstSeenAt[place] ?? 0;
      links[number] = columns.links[place] ?? 0;
      organisationOf[number] = names[columns.organisationOf[place] ?? 0] ?? 0;
    }
  }
  return {
    ...{ upvotes, publishedAt, firstSeenAt, links, organisationOf },
    organisations: [...organisations.keys()],
    ...listings,
    ...toMonths(listings.listedOn),
  };
}

type Listings = Pick<CorpusFacts, 'lists' | 'listingLists' | 'listingDays' | 'listingEnds' | 'listedOn'>;

/** Brings the listings in the order of the papers. It makes no object for each paper, because there are many. */
function uniteListings(
  parts: readonly SearchPart[],
  days: readonly WindowDay[],
  numberOf: ReadonlyMap<PaperId, number>,
  paperCount: number,
): Listings {
  const lists = new Map<ListId, number>();
  const most = parts.reduce((sum, { columns }) => sum + columns.listingDays.length, 0);
  // The listings of a paper are a chain. A listing is known by its place, counted from 1, and 0 is the end of a chain.
  const all = new Uint32Array(most + 1);
  const next = new Uint32Array(most + 1);
  const firstOf = new Uint32Array(paperCount);
  let count = 0;
  const add = (paper: number, listing: number) => {
    let last = 0;
    for (let one = firstOf[paper] ?? 0; one > 0; one = next[one] ?? 0) {
      if (all[one] === listing) return;
      last = one;
    }
    count += 1;
    all[count] = listing;
    if (last > 0) next[last] = count;
    else firstOf[paper] = count;
  };
  for (const [part, { columns, ids }] of parts.entries()) {
    const names = linesOf(columns.lists).map((list) => numberIn(lists, list));
    const numbers = days[part]?.numbers ?? NO_NUMBERS;
    let at = 0;
    for (let place = 0; place < numbers.length; place += 1) {
      const number = numbers[place] ?? -1;
      const paper = number < 0 ? (numberOf.get(ids[place] ?? '') ?? -1) : number;
      const end = columns.listingEnds[place] ?? 0;
      for (; at < end; at += 1)
        add(paper, ((columns.listingDays[at] ?? 0) << 16) | (names[columns.listingLists[at] ?? 0] ?? 0));
    }
  }
  return { lists: [...lists.keys()], ...flattenChains({ all, next, firstOf, count }) };
}

/** Puts the listings of each paper side by side. */
function flattenChains(chains: {
  readonly all: Uint32Array;
  readonly next: Uint32Array;
  readonly firstOf: Uint32Array;
  readonly count: number;
}): Omit<Listings, 'lists'> {
  const { all, next, firstOf, count } = chains;
  const listingLists = new Uint16Array(count);
  const listingDays = new Uint16Array(count);
  const listingEnds = new Uint32Array(firstOf.length);
  const listedOn = new Uint16Array(firstOf.length);
  let end = 0;
  for (let paper = 0; paper < firstOf.length; paper += 1) {
    for (let one = firstOf[paper] ?? 0; one > 0; one = next[one] ?? 0) {
      const listing = all[one] ?? 0;
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

function toMonths(listedOn: Uint16Array): Pick<CorpusFacts, 'months' | 'monthOf'> {
  const months = new Map<string, number>();
  const monthOfDay = new Map<number, number>();
  const monthOf = listedOn.map((day) => {
    const known = monthOfDay.get(day);
    if (known !== undefined) return known;
    const month = numberIn(months, toDay(day).slice(0, 7));
    monthOfDay.set(day, month);
    return month;
  });
  return { months: [...months.keys()], monthOf };
}

function numberIn(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}
