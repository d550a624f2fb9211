import { type Instant, MS_PER_DAY, toEpochMs } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import type { SortKey } from '../../matching/search/cursor.ts';
import { MAX_ORGANISATIONS, type SearchFacets } from '../../matching/search/facets.ts';
import { SCORE_RULES } from '../../matching/search/score.ts';
import type { SplitQuery } from '../../matching/search/split-query.ts';
import type { SearchRequest, SearchSort } from '../../ports/search.ts';
import { type Clause, shouldClause, toFilter, toScoredWord } from './to-filter.ts';

/** The minimum share of plain words that a paper has if too few papers have all. OpenSearch counts words, not their weights. */
const MIN_SHARE = 0.5;

export interface ResultRange {
  readonly request: SearchRequest;
  readonly split: SplitQuery;
  /** Papers that were first seen later are no results. */
  readonly asOf: Instant;
  /** The last hit of the page before. */
  readonly last: SortKey | undefined;
  /** Whether papers with some of the plain words are results too. */
  readonly isRelaxed: boolean;
}

const SORTS: Readonly<Record<SearchSort, Clause>> = {
  relevance: { _score: 'desc' },
  date: { listedOn: 'desc' },
  // Without `missing`, unknown votes sort as a number that does not fit into a cursor.
  votes: { upvotes: { order: 'desc', missing: 0 } },
};

/** Higher than any score. It ranks papers with all words first. */
const HAS_ALL = 1_000;

const MAX_LISTS = 500;
const MAX_MONTHS = 1_000;

/** log2(1 + votes) / 10, in terms of the logarithm to base 10 that OpenSearch has. */
const VOTES_FACTOR = 1 / (10 * Math.log10(2));

/** Returns the body of a search. It asks for one hit more than the page has, which shows whether others follow. */
export function toSearchBody({ request, split, asOf, last, isRelaxed }: ResultRange) {
  const { sort, limit, withFacets = false } = request;
  const withAll = isRelaxed && { withAll: { filter: toAllWords(split) } };
  return {
    query: withVotesAndAge(toQuery(request, split, asOf, isRelaxed), asOf),
    sort: [SORTS[sort], { publishedAt: 'desc' }, { id: 'desc' }],
    search_after: last && [last.value, last.publishedMs, last.id],
    size: limit + 1,
    _source: ['id', 'lists', 'listedOn'],
    track_total_hits: true,
    aggs: withFacets || withAll ? { ...withAll, ...(withFacets && AGGREGATIONS) } : undefined,
  };
}

function toQuery(
  { lists = [], days }: SearchRequest,
  split: SplitQuery,
  asOf: Instant,
  isRelaxed: boolean,
): Clause {
  const seen = { range: { firstSeenAt: { lte: asOf } } };
  const strict = [seen, toFilter(split.filter), ...toListed(lists, days)];
  const words = split.plain.map(toScoredWord);
  if (!isRelaxed) return { bool: { filter: strict, must: words } };
  const all = { constant_score: { filter: toAllWords(split), boost: HAS_ALL } };
  // `all` is one of the optional clauses that count.
  const least = Math.ceil(MIN_SHARE * words.length);
  return {
    bool: { filter: strict, must: [{ bool: { should: words, minimum_should_match: least } }], should: [all] },
  };
}

/** Returns the clause of papers with all plain words. */
function toAllWords({ plain }: SplitQuery): Clause {
  return { bool: { filter: plain.map(toScoredWord) } };
}

/** Returns the clauses that are met if one of the lists had the paper on one of the days. */
function toListed(lists: readonly string[], days: SearchRequest['days']): readonly Clause[] {
  if (!days) return lists.length > 0 ? [{ terms: { lists } }] : [];
  const { first, last } = days;
  if (lists.length === 0) return [{ range: { listedDays: { gte: first, lte: last } } }];
  return [
    shouldClause(
      lists.map((list) => ({ range: { listings: { gte: `${list} ${first}`, lte: `${list} ${last}` } } })),
    ),
  ];
}

function withVotesAndAge(query: Clause, asOf: Instant): Clause {
  const { votesPoints, recencyPoints, halfLifeDays } = SCORE_RULES;
  return {
    function_score: {
      query,
      functions: [
        {
          field_value_factor: { field: 'upvotes', modifier: 'log1p', missing: 0 },
          weight: votesPoints * VOTES_FACTOR,
        },
        {
          exp: {
            publishedAt: {
              origin: toEpochMs(asOf),
              scale: `${(halfLifeDays * MS_PER_DAY) / 1000}s`,
              decay: 0.5,
            },
          },
          weight: recencyPoints,
        },
      ],
      score_mode: 'sum',
      boost_mode: 'sum',
    },
  };
}

const AGGREGATIONS = {
  lists: { terms: { field: 'lists', size: MAX_LISTS } },
  organisations: { terms: { field: 'organisation', size: MAX_ORGANISATIONS } },
  months: { terms: { field: 'month', size: MAX_MONTHS, order: { _key: 'desc' } } },
  code: { filter: { term: { code: true } } },
  project: { filter: { term: { project: true } } },
} as const;

const bucketsSchema = z.object({
  buckets: z.pipe(
    z.array(z.object({ key: z.string(), doc_count: z.int() })),
    z.transform((buckets) => buckets.map(({ key, doc_count }) => ({ value: key, count: doc_count }))),
  ),
});
const countSchema = z.object({ doc_count: z.int() });

const facetsSchema = z.object({
  lists: bucketsSchema,
  organisations: bucketsSchema,
  months: bucketsSchema,
  code: countSchema,
  project: countSchema,
});

/** Returns how many papers of a relaxed search have all plain words. */
export function toCountWithAll(aggregations: unknown): number {
  return z.object({ withAll: countSchema }).parse(aggregations).withAll.doc_count;
}

/** @throws ZodError for an answer without the counts that {@link toSearchBody} asks for */
export function toAnswerFacets(aggregations: unknown): SearchFacets {
  const { lists, organisations, months, code, project } = facetsSchema.parse(aggregations);
  return {
    lists: lists.buckets,
    organisations: organisations.buckets,
    months: months.buckets,
    withCode: code.doc_count,
    withProject: project.doc_count,
  };
}
