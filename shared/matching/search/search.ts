import type { ListId } from '../../domain/lists.ts';
import type { PaperId } from '../../domain/paper.ts';
import type { Day } from '../../domain/time.ts';
import type { MatchReason } from '../index/explain.ts';
import { hashOf } from '../index/open-day.ts';
import { createBits, fromBits, intersect, type PaperSet, setBit, toList, unite } from '../index/paper-set.ts';
import { printQuery } from '../query/print-query.ts';
import type { QueryNode } from '../query/query.ts';
import { listsOf, type SearchCorpus, toBoosts } from './corpus.ts';
import { parseCursor, printCursor, type SearchSort } from './cursor.ts';
import { explainHit } from './explain-hit.ts';
import { countFacets, type SearchFacets } from './facets.ts';
import { findResults, sumWords } from './find-results.ts';
import { toDay, toDayNumber } from './paper-columns.ts';
import { toRelevance } from './score.ts';
import { type SplitQuery, splitQuery } from './split-query.ts';
import { keyOf, takeTop } from './take-top.ts';

export interface CorpusRequest {
  readonly query: QueryNode;
  /** @default every list */
  readonly lists?: readonly ListId[] | undefined;
  /** The days on which one of the lists had the paper, both included. @default every day */
  readonly days?: { readonly first: Day; readonly last: Day } | undefined;
  readonly sort: SearchSort;
  /** How many hits to return at most. */
  readonly limit: number;
  /** The `next` of an earlier answer to the same request. @default from the first hit on */
  readonly cursor?: string | undefined;
  /** Whether the answer has facets. @default false */
  readonly facets?: boolean | undefined;
}

/** A paper that matches. */
interface CorpusHit {
  readonly id: PaperId;
  readonly reasons: readonly MatchReason[];
  readonly lists: readonly ListId[];
  /** The newest day on which a list had it. */
  readonly listedOn: Day;
}

export interface CorpusAnswer {
  readonly hits: readonly CorpusHit[];
  /** How many papers match in all. */
  readonly total: number;
  /** The cursor of the following hits. Undefined after the last one. */
  readonly next?: string | undefined;
  readonly facets?: SearchFacets | undefined;
  /** Too few papers have all plain words of the query, so papers with most of them follow. */
  readonly isRelaxed: boolean;
}

/**
 * Searches a corpus. Everything in the query is a filter, except for its plain words. Papers with all of those come first. If they are
 * too few, papers with most of them follow.
 *
 * A later page has the papers that were there at the first one. So a paper that arrives in between moves no other.
 *
 * @throws SearchCursorError
 */
export function searchCorpus(corpus: SearchCorpus, request: CorpusRequest): CorpusAnswer {
  const { query, sort, limit, cursor, facets = false } = request;
  const hash = hashOf(JSON.stringify([printQuery(query), request.lists ?? [], request.days, sort]));
  const after = cursor === undefined ? undefined : parseCursor(cursor, hash);
  const asOfMs = after?.asOfMs ?? corpus.newestMs;
  const known = seenUntil(corpus, asOfMs);
  const split = splitQuery(query);
  const { all, most } = findResults(corpus, split, intersect(known, listedIn(corpus, request)), known);
  const [withAll, withMost] = [toList(all), toList(most)];
  const found = withMost.length > 0 ? toList(unite([all, most], corpus.paperCount)) : withAll;

  const values = toValues(corpus, sort, split, found, { known, asOfMs });
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
  return {
    hits: page.map((paper) => toHit(corpus, query, paper)),
    total: all.size + most.size,
    ...(hasMore &&
      last !== undefined && {
        next: printCursor({
          request: hash,
          asOfMs,
          hasAll: page.length <= top.length,
          last: keyOf(columns, last),
        }),
      }),
    ...(facets && { facets: countFacets(corpus, found) }),
    isRelaxed: most.size > 0,
  };
}

function toHit(corpus: SearchCorpus, query: QueryNode, paper: number): CorpusHit {
  return {
    id: corpus.ids[paper] ?? '',
    reasons: explainHit(query, paper, corpus),
    lists: listsOf(corpus, paper),
    listedOn: toDay(corpus.facts.listedOn[paper] ?? 0),
  };
}

/** Returns the papers that were first seen until then. */
function seenUntil({ all, paperCount, newestMs, facts }: SearchCorpus, asOfMs: number): PaperSet {
  if (asOfMs >= newestMs) return all;
  const bits = createBits(paperCount);
  for (let paper = 0; paper < paperCount; paper += 1)
    if ((facts.firstSeenAt[paper] ?? 0) <= asOfMs) setBit(bits, paper);
  return fromBits(bits);
}

/** Returns the papers that one of the lists had on one of the days. */
function listedIn(corpus: SearchCorpus, { lists = [], days }: CorpusRequest): PaperSet {
  if (lists.length === 0 && !days) return corpus.all;
  const { facts, paperCount } = corpus;
  const isWanted = facts.lists.map((list) => lists.length === 0 || lists.includes(list));
  const first = days ? toDayNumber(days.first) : 0;
  const last = days ? toDayNumber(days.last) : Number.POSITIVE_INFINITY;
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

/** Returns what the found papers are sorted by. */
function toValues(
  corpus: SearchCorpus,
  sort: SearchSort,
  { plain, scored }: SplitQuery,
  found: readonly number[],
  { known, asOfMs }: { readonly known: PaperSet; readonly asOfMs: number },
): ArrayLike<number> {
  const { facts, newestMs } = corpus;
  if (sort === 'date') return facts.listedOn;
  if (sort === 'votes') return facts.upvotes;
  const boosts = asOfMs < newestMs ? toBoosts(facts, asOfMs) : corpus.boosts;
  const words = [...plain.flatMap((one) => one.words), ...scored];
  const values = sumWords(corpus, words, known, found);
  for (const paper of found) values[paper] = toRelevance(values[paper] ?? 0, boosts[paper] ?? 0);
  return values;
}
