import type { ListId } from '../../domain/lists/lists.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import type { Day } from '../../domain/time/time.ts';
import type { MatchReason } from '../index/explain.ts';
import {
  createBits,
  fromBits,
  intersect,
  listIn,
  NO_PAPERS,
  type PaperSet,
  setBit,
  unite,
} from '../index/paper-set.ts';
import { hashOf } from '../index/terms.ts';
import { printQuery } from '../query/print-query.ts';
import type { QueryNode } from '../query/query.ts';
import { listsOf, type SearchCorpus, toBoosts } from './corpus.ts';
import { type AsOf, type CorpusThen, corpusAsOf } from './corpus-as-of.ts';
import { correctQuery } from './correct-query.ts';
import { parseSearchCursor, printSearchCursor, type SearchSort } from './cursor.ts';
import { createExplainer } from './explain-hit.ts';
import { countFacets, type SearchFacets } from './facets.ts';
import { type FoundPapers, findResults, sumWords, weightOf } from './find-results.ts';
import { toDay, toDayNumber } from './paper-columns.ts';
import { addFeedbackPoints } from './relevance-feedback.ts';
import { addWordPoints, MAX_RERANKED } from './rerank.ts';
import { type SplitQuery, splitQuery } from './split-query.ts';
import { keyOf, takeTop } from './take-top.ts';

export interface CorpusRequest {
  /** The kind `all` finds every paper. */
  readonly query: QueryNode;
  /** @default every list */
  readonly lists?: readonly ListId[] | undefined;
  /** The days on which one of the lists had the paper, both included. @default every day */
  readonly days?: { readonly first: Day; readonly last: Day } | undefined;
  readonly sort: SearchSort;
  /** The maximum number of hits. */
  readonly limit: number;
  /** The `next` of an earlier answer to the same request. @default from the first hit on */
  readonly cursor?: string | undefined;
  /** Whether the words of the query are neither corrected nor relaxed. @default false */
  readonly isVerbatim?: boolean | undefined;
  /** @default false */
  readonly withFacets?: boolean | undefined;
}

/** A paper that matches. */
export interface CorpusHit {
  readonly id: PaperId;
  /** Empty for a request without a query. */
  readonly reasons: readonly MatchReason[];
  /** The lists that it was on. */
  readonly lists: readonly ListId[];
  /** The newest day on which a list had it. */
  readonly listedOn: Day;
}

export interface CorpusAnswer {
  readonly hits: readonly CorpusHit[];
  /** How many papers match in all. */
  readonly total: number;
  /** How many of them have all plain words of the query. If these are too few, papers with some of the words follow. */
  readonly totalWithAll: number;
  /** The cursor of the following hits. Undefined after the last one. New papers and votes do not move it. */
  readonly next?: string | undefined;
  readonly facets?: SearchFacets | undefined;
  /** The query that was used instead, because a word of the given one is in no paper. */
  readonly corrected?: string | undefined;
}

/**
 * Searches a corpus. Everything in the query is a filter, except for its plain words. Papers with all of those come first. If they are
 * too few, papers with some of them follow.
 *
 * Later pages show the corpus as it was at the first page. So new papers and votes do not move the results between two pages.
 *
 * @throws SearchCursorError
 */
export function searchCorpus(corpus: SearchCorpus, request: CorpusRequest): CorpusAnswer {
  const { sort, limit, cursor, withFacets = false, isVerbatim = false } = request;
  const identity = [printQuery(request.query), request.lists ?? [], request.days, sort, isVerbatim];
  const hash = hashOf(JSON.stringify(identity));
  const after = cursor === undefined ? undefined : parseSearchCursor(cursor, hash);
  const asOf = after?.asOf ?? corpus.asOf;
  const then = corpusAsOf(corpus, asOf);
  const { known } = then;
  const corrected = isVerbatim ? undefined : correctQuery(corpus, request.query, known);
  const query = corrected ?? request.query;
  const split = splitQuery(query);
  if (sort === 'relevance') corpus.wordScores.prepare(split.scored);
  const candidates = intersect(known, listedIn(corpus, request));
  const results = findResults(corpus, split, candidates, known, isVerbatim);
  const { withAll, withMost, found } = listFound(results, corpus.paperCount);

  const values = toValues(corpus, { sort, split, results: { withAll, withMost, found }, then, asOf });
  const columns = { values, publishedAt: corpus.facts.publishedAt, ids: corpus.ids };
  const wanted = limit + 1;
  const top = after?.hasAll === false ? [] : takeTop(withAll, columns, wanted, after?.last);
  const rest = takeTop(
    withMost,
    columns,
    wanted - top.length,
    after?.hasAll === false ? after.last : undefined,
  );
  const page = [...top, ...rest].slice(0, limit);
  const last = page.at(-1);
  const hasMore = top.length + rest.length > limit;
  const explain = createExplainer(query, corpus);
  return {
    hits: page.map((paper) => toHit(corpus, explain(paper), paper)),
    total: found.length,
    totalWithAll: withAll.length,
    next:
      hasMore && last !== undefined
        ? printSearchCursor({
            request: hash,
            asOf,
            hasAll: page.length <= top.length,
            last: keyOf(columns, last),
          })
        : undefined,
    facets: withFacets ? countFacets(corpus, found) : undefined,
    corrected: corrected && printQuery(corrected),
  };
}

function toHit(corpus: SearchCorpus, reasons: readonly MatchReason[], paper: number): CorpusHit {
  return {
    id: corpus.ids[paper] ?? '',
    reasons,
    lists: listsOf(corpus, paper),
    listedOn: toDay(corpus.facts.listedOn[paper] ?? 0),
  };
}

/** Returns the papers that one of the lists had on one of the days. */
function listedIn(corpus: SearchCorpus, { lists = [], days }: CorpusRequest): PaperSet {
  const { facts, paperCount } = corpus;
  if (!days) {
    const listed = lists.map((list) => corpus.lists.get(list) ?? NO_PAPERS);
    return listed.length === 0 ? corpus.all : unite(listed, paperCount);
  }
  const isWanted = facts.lists.map((list) => lists.length === 0 || lists.includes(list));
  const [first, last] = [toDayNumber(days.first), toDayNumber(days.last)];
  const bits = createBits(paperCount);
  let at = 0;
  for (let paper = 0; paper < paperCount; paper += 1) {
    const end = facts.listingEnds[paper] ?? 0;
    for (; at < end; at += 1) {
      const day = facts.listingDays[at] ?? 0;
      if (day >= first && day <= last && isWanted[facts.listingLists[at] ?? 0]) setBit(bits, paper);
    }
  }
  return fromBits(bits);
}

/** The results of a search, in ascending order. */
interface Found {
  readonly withAll: Uint32Array;
  readonly withMost: Uint32Array;
  /** Both. */
  readonly found: Uint32Array;
}

/** A scratch buffer for the results of one search at a time. */
let scratch = new Uint32Array();

/** Lists the results of a search. The arrays are valid until the next search. */
function listFound({ all, most }: FoundPapers, paperCount: number): Found {
  if (scratch.length < 2 * paperCount) scratch = new Uint32Array(2 * paperCount);
  const withAll = listIn(scratch, all);
  const withMost = listIn(scratch.subarray(all.size), most);
  if (most.size === 0) return { withAll, withMost, found: withAll };
  const found = listIn(scratch.subarray(all.size + most.size), unite([all, most], paperCount));
  return { withAll, withMost, found };
}

/** What the order of the results depends on. */
interface Sorted {
  readonly sort: SearchSort;
  readonly split: SplitQuery;
  readonly results: Found;
  readonly then: CorpusThen;
  readonly asOf: AsOf;
}

/** Returns the values to sort the found papers by. */
function toValues(corpus: SearchCorpus, { sort, split, results, then, asOf }: Sorted): ArrayLike<number> {
  const { known, upvotes, listedOn, isNow } = then;
  const { facts, ids } = corpus;
  const { publishedAt } = facts;
  if (sort === 'date') return listedOn;
  if (sort === 'votes') return upvotes;
  const boosts = isNow ? corpus.boosts : toBoosts({ upvotes, publishedAt }, asOf.papersMs);
  const { withAll, withMost, found } = results;
  const plainWords = split.plain.flatMap(({ words }) => words);
  const values = sumWords(corpus, [...plainWords, ...split.scored], known, found);
  if (plainWords.length > 1) {
    const byWords = { values, publishedAt, ids };
    const next = takeTop(withMost, byWords, MAX_RERANKED);
    const reranked = [...takeTop(withAll, byWords, MAX_RERANKED), ...next];
    const weighed = plainWords.map((word) => ({
      text: word.text,
      weight: weightOf(corpus, word, known) ?? 0,
    }));
    addWordPoints(corpus, reranked, weighed, values);
    if (next.length > 0) {
      const best = reranked.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0)).slice(0, MAX_RERANKED);
      addFeedbackPoints(corpus, best, values);
    }
  }
  addBoosts(found, values, boosts);
  return values;
}

/** Adds the boosts of the papers to their values. It is a short function so that V8 compiles it early: see ADR 52. */
function addBoosts(papers: Uint32Array, values: Float64Array, boosts: Float64Array): void {
  for (let nth = 0; nth < papers.length; nth += 1) {
    const paper = papers[nth] ?? 0;
    values[paper] = (values[paper] ?? 0) + (boosts[paper] ?? 0);
  }
}
