import type { ListId } from '../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import { type Day, MS_PER_DAY } from '../../domain/time/time.ts';
import { locatePapers, numberPapers, toSearchedDays } from '../index/combine-parts.ts';
import { createConditionFinder, type FindCondition, type PaperTraits } from '../index/condition-papers.ts';
import { joinSmallDays } from '../index/join-days.ts';
import { allPapers, createBits, fromBits, type PaperSet, setBit } from '../index/paper-set.ts';
import { createTextSearch } from '../index/text-search.ts';
import type { SearchedDays } from '../index/word-papers.ts';
import { type AsOf, stateOf, uniteRecent } from './corpus-as-of.ts';
import { type CorpusFacts, uniteFacts } from './corpus-facts.ts';
import { authorOf, LINKS, linesOf, type PaperColumns, toDay, UNKNOWN_VOTES } from './paper-columns.ts';
import { toBoost } from './score.ts';
import type { SearchPart } from './search-part.ts';
import { createWordScores, type WordScores } from './word-scores.ts';

/** Papers that can be searched, numbered from 0. It is immutable. */
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
  /** The papers of the last weeks that have vote counts or were picked, by their numbers. */
  readonly recent: ReadonlyMap<number, Paper>;
  /** The state of the papers and votes. */
  readonly asOf: AsOf;
  /** The points of each paper for its votes and age. */
  readonly boosts: Float64Array;
}

/**
 * Opens a corpus over the parts, oldest first. It keeps their indexes or joins small ones, so a corpus with one more part costs little more
 * than the part. A paper of several parts counts once: with the texts and numbers of the last part and the listings of all.
 */
export function openCorpus(parts: readonly SearchPart[]): SearchCorpus {
  const { numberOf, days } = numberPapers(parts);
  const paperCount = numberOf.size;
  const facts = uniteFacts(parts, numberOf, days);
  const locations = locatePapers(days, paperCount);
  const searched = toSearchedDays(joinSmallDays(days), paperCount);
  const search = createTextSearch(searched);
  const lists = toListSets(facts, paperCount);
  const recent = uniteRecent(parts, days);
  const asOf = stateOf(facts.firstSeenAt, recent);
  return {
    paperCount,
    numberOf,
    searched,
    lists,
    facts,
    all: allPapers(paperCount),
    ids: toIds(parts, locations),
    wordScores: createWordScores(searched, search),
    recent,
    asOf,
    boosts: toBoosts(facts, asOf.papersMs),
    find: createConditionFinder({
      // The columns only, because the indexes of joined parts must not stay in memory.
      traits: toTraits(
        parts.map(({ columns }) => columns),
        locations,
      ),
      searched,
      search,
      lists,
      numberOf,
    }),
  };
}

function toIds(
  parts: readonly SearchPart[],
  { dayOf, indexInDay }: ReturnType<typeof locatePapers>,
): readonly PaperId[] {
  const ids = new Array<PaperId>(dayOf.length);
  for (let paper = 0; paper < ids.length; paper += 1)
    ids[paper] = parts[dayOf[paper] ?? 0]?.ids[indexInDay[paper] ?? 0] ?? '';
  return ids;
}

/** Returns the points of each paper for its votes and age at a time. */
export function toBoosts(
  { upvotes, publishedAt }: Pick<CorpusFacts, 'upvotes' | 'publishedAt'>,
  nowMs: number,
): Float64Array {
  const boosts = new Float64Array(publishedAt.length);
  for (let paper = 0; paper < boosts.length; paper += 1)
    boosts[paper] = toBoost({
      upvotes: upvotes[paper] ?? 0,
      ageDays: (nowMs - (publishedAt[paper] ?? 0)) / MS_PER_DAY,
    });
  return boosts;
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
  { dayOf, indexInDay }: ReturnType<typeof locatePapers>,
): PaperTraits {
  const columnsOf = (paper: number) => columns[dayOf[paper] ?? 0];
  const indexOf = (paper: number) => indexInDay[paper] ?? 0;
  return {
    countOf(field, paper) {
      const own = columnsOf(paper);
      const index = indexOf(paper);
      if (field === 'authors') return own?.authorCounts[index];
      if (field === 'stars') {
        const stars = own?.stars[index] ?? -1;
        return stars < 0 ? undefined : stars;
      }
      return ((own?.links[index] ?? 0) & UNKNOWN_VOTES) === 0 ? own?.[field][index] : undefined;
    },
    has: (what, paper) => ((columnsOf(paper)?.links[indexOf(paper)] ?? 0) & LINKS[what]) !== 0,
    createCategoryCheck(isWanted) {
      const wanted = columns.map(({ categories }) => linesOf(categories).map(isWanted));
      return (paper) => {
        const own = columnsOf(paper);
        const isOwnWanted = wanted[dayOf[paper] ?? 0];
        if (!own || !isOwnWanted) return false;
        const { paperCategories, categoryEnds } = own;
        const index = indexOf(paper);
        const end = categoryEnds[index] ?? 0;
        let at = categoryEnds[index - 1] ?? 0;
        while (at < end && isOwnWanted[paperCategories[at] ?? 0] !== true) at += 1;
        return at < end;
      };
    },
    authorOf(paper, nth) {
      const own = columnsOf(paper);
      return own && authorOf(own, indexOf(paper), nth);
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
