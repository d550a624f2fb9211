import type { ListId } from '../domain/lists/lists.ts';
import type { Paper, PaperId } from '../domain/papers/paper.ts';
import { DEFAULT_SORT, type Sort } from '../domain/papers/sort.ts';
import type { Muted } from '../domain/subscribers/muting.ts';
import { combineParts, type WindowPart } from './index/combine-parts.ts';
import { createConditionFinder, toTraits } from './index/condition-papers.ts';
import { evaluate } from './index/evaluate.ts';
import { explain, type MatchReason } from './index/explain.ts';
import {
  allPapers,
  fromNumbers,
  intersect,
  type PaperSet,
  subtract,
  toList,
  unite,
} from './index/paper-set.ts';
import { createTextSearch } from './index/text-search.ts';
import { type RankOrder, topPapers, toRankOrder } from './index/top-papers.ts';
import { NO_RANGE, type QueryNode } from './query/query.ts';
import { interleave, matchPoints, newestFirst, takeUnvoted } from './rank.ts';
import { hasKnownVotes, rankPapers } from './trending.ts';
import { openWindowMemory } from './window-memory.ts';

/** A paper that matches a query, and why. */
export interface Match {
  readonly paper: Paper;
  /** Empty for the empty query. */
  readonly reasons: readonly MatchReason[];
}

interface SelectOptions {
  readonly query: QueryNode;
  /** The lists to take papers from. */
  readonly lists: readonly ListId[];
  /** @default 'trending' */
  readonly sort?: Sort | undefined;
  /** Whether the order `trending` interleaves papers with and without votes, as in a digest. Otherwise the latter come last. */
  readonly isInterleaved?: boolean;
  /** How many of the best matches to skip. @default 0 */
  readonly offset?: number;
  /** The maximum number of matches. */
  readonly limit: number;
  /** Papers that do not count as matches. */
  readonly excluded?: Iterable<PaperId>;
  /** Other papers that do not count: muted ones, and those of muted authors, whose names match as in `author:`. */
  readonly muted?: Muted;
}

/** The matches that were asked for, and how many papers match in all. */
export interface Selection {
  /** Equal selections share the same list and objects as long as these are remembered. So a caller can use them as keys of a cache. */
  readonly matches: readonly Match[];
  readonly total: number;
  /** Returns the papers that match but do not count: excluded and muted ones, in no order. Each call looks them up again. */
  readonly findWithheld: () => readonly PaperId[];
}

/** The papers that a digest or a page can choose from. */
export interface Window {
  readonly papers: readonly Paper[];
  /** Returns the best matches, and how many match in all. Only the returned ones are explained. */
  select(options: SelectOptions): Selection;
}

/** How many of the newest papers without votes are compared by match and category. */
const MAX_COMPARED = 300;

/** Marks a paper without a score. Scores are whole numbers from 0, and far below 32,768. */
const NOT_SCORED = -1;

/**
 * Opens a window over the parts, oldest first. It combines their indexes as they are. A paper of several parts counts once: with the
 * texts of the last part and the lists of all.
 *
 * Pass equal queries as the same object. Each object is evaluated once, as long as it is remembered.
 */
export function openWindow(parts: readonly WindowPart[]): Window {
  const { papers, numberOf, lists, searched } = combineParts(parts);
  const paperCount = papers.length;
  const memory = openWindowMemory<Match>(paperCount);
  const search = createTextSearch(searched, memory.textSpace);
  const find = createConditionFinder({ traits: toTraits(papers), searched, search, lists, numberOf });
  const evaluated = { paperCount, all: allPapers(paperCount), find };
  const orders = new Map<string, RankOrder>();

  const orderBy = (sort: 'trending' | 'new'): RankOrder => {
    const known = orders.get(sort);
    if (known) return known;
    const sorted = sort === 'trending' ? rankPapers(papers) : newestFirst(papers);
    const order = toRankOrder(sorted.map(({ id }) => numberOf.get(id) ?? 0));
    orders.set(sort, order);
    return order;
  };

  const toMatches = (query: QueryNode, numbers: readonly number[]): readonly Match[] =>
    memory.recallList(query, numbers, (number) => {
      const paper = papers[number];
      return paper && { paper, reasons: explain(query, number, { find }) };
    });

  /** Returns the function that scores how well a paper matches. It explains each paper once for a query. */
  const createScorer = (query: QueryNode): ((number: number) => number) => {
    if (query.kind === 'all') return () => 0;
    const scores = memory.scores.recall(query, () => new Int16Array(paperCount).fill(NOT_SCORED));
    return (number) => {
      const known = scores[number] ?? NOT_SCORED;
      if (known !== NOT_SCORED) return known;
      const score = matchPoints(explain(query, number, { find }));
      scores[number] = score;
      return score;
    };
  };

  /** Sorts all papers by how well they match, the others last. Papers that match equally well sort by trend. */
  const orderByMatch = (query: QueryNode, matching: PaperSet): RankOrder =>
    memory.matchOrders.recall(query, () => {
      const toScore = createScorer(query);
      const scores = new Float64Array(paperCount).fill(-1);
      for (const paper of toList(matching)) scores[paper] = toScore(paper);
      const scoreOf = (paper: number) => scores[paper] ?? -1;
      return toRankOrder([...orderBy('trending').papers].sort((a, b) => scoreOf(b) - scoreOf(a)));
    });

  /** Leaves out the papers that do not count. */
  const withoutExcluded = (set: PaperSet, { excluded = [], muted = {} }: SelectOptions): PaperSet => {
    const { mutedPapers = [], mutedAuthors = [] } = muted;
    const numbers = [...excluded, ...mutedPapers].flatMap((id) => numberOf.get(id) ?? []);
    const fresh = numbers.length > 0 ? subtract(set, fromNumbers(numbers, paperCount)) : set;
    return mutedAuthors.reduce(
      (left, text) => subtract(left, find({ kind: 'author', text, range: NO_RANGE })),
      fresh,
    );
  };

  let voted: PaperSet | undefined;
  const findVoted = (): PaperSet => {
    voted ??= fromNumbers(
      papers.flatMap((paper, number) => (hasKnownVotes(paper) ? [number] : [])),
      paperCount,
    );
    return voted;
  };

  /** Returns the best papers of a set, with and without votes interleaved. Undefined if all have votes. */
  const topInterleaved = (
    set: PaperSet,
    { query, lists: chosen, offset = 0, limit }: SelectOptions,
  ): readonly number[] | undefined => {
    const unvoted = subtract(set, findVoted());
    if (unvoted.size === 0) return undefined;
    const end = offset + limit;
    const newest = topPapers(unvoted, orderBy('new'), 0, Math.max(end, MAX_COMPARED));
    const followed = new Set(chosen.map((list) => list.slice(list.indexOf('/') + 1)));
    const isPrimary = (number: number) => followed.has(papers[number]?.categories[0] ?? '');
    const best = takeUnvoted(newest, { scoreOf: createScorer(query), isPrimary }, end);
    const trending = topPapers(intersect(set, findVoted()), orderBy('trending'), 0, end);
    return interleave(trending, best, end).slice(offset);
  };

  return {
    papers,
    select(options) {
      const { query, lists: chosen, sort = DEFAULT_SORT, isInterleaved = false, offset = 0, limit } = options;
      const matching = memory.results.recall(query, () => evaluate(query, evaluated));
      const listed = memory.listed.recall(chosen.join(), () =>
        unite(
          chosen.flatMap((list) => lists.get(list) ?? []),
          paperCount,
        ),
      );
      const found = listed.size === paperCount ? matching : intersect(matching, listed);
      const set = withoutExcluded(found, options);
      const order = sort === 'match' ? orderByMatch(query, matching) : orderBy(sort);
      const top = isInterleaved && sort === 'trending' ? topInterleaved(set, options) : undefined;
      const numbers = top ?? topPapers(set, order, offset, offset + limit);
      return {
        matches: toMatches(query, numbers),
        total: set.size,
        findWithheld: () => toList(subtract(found, set)).flatMap((number) => papers[number]?.id ?? []),
      };
    },
  };
}
