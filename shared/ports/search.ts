import { PermanentError } from '../domain/errors.ts';
import type { ListId } from '../domain/lists.ts';
import type { Paper, PaperId } from '../domain/paper.ts';
import type { Day } from '../domain/time.ts';
import type { MatchReason } from '../matching/index/explain.ts';
import type { QueryNode } from '../matching/query/query.ts';

/** The orders of search results. Papers that are equal in it sort by day, the newest first. */
export const searchSorts = ['relevance', 'date', 'votes'] as const;

export type SearchSort = (typeof searchSorts)[number];

export const DEFAULT_SEARCH_SORT: SearchSort = 'relevance';

/** The most hits that one answer has. */
export const MAX_SEARCH_LIMIT = 100;

export interface SearchRequest {
  /** The kind `all` finds every paper. */
  readonly query: QueryNode;
  /** @default every list */
  readonly lists?: readonly ListId[] | undefined;
  /** The days on which papers were listed, both included. @default every day */
  readonly days?: { readonly first: Day; readonly last: Day } | undefined;
  readonly sort: SearchSort;
  /** How many hits to return: 1 to {@link MAX_SEARCH_LIMIT}. */
  readonly limit: number;
  /** The `next` of an earlier answer to the same request. @default from the first hit on */
  readonly cursor?: string | undefined;
  /** Whether the words of the query are neither corrected nor relaxed. @default false */
  readonly isVerbatim?: boolean | undefined;
  /** Whether the answer has facets. @default false */
  readonly facets?: boolean | undefined;
}

/** A paper that matches. */
export interface SearchHit {
  readonly paper: Paper;
  /** Empty for a request without a query. */
  readonly reasons: readonly MatchReason[];
  /** The lists that it was on. */
  readonly lists: readonly ListId[];
  /** The newest day on which a list had it. */
  readonly listedOn: Day;
}

/** A value of a facet, and how many of the matching papers have it. */
export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

/** How many of the matching papers have each value. The largest counts come first, but months are in order, the newest first. */
export interface SearchFacets {
  readonly lists: readonly FacetCount[];
  readonly organisations: readonly FacetCount[];
  /** Months of `listedOn`, such as `2026-01`. */
  readonly months: readonly FacetCount[];
  /** How many have a repository. */
  readonly withCode: number;
  /** How many have a project page. */
  readonly withProject: number;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** How many papers match in all. */
  readonly total: number;
  /** The cursor of the following hits. Undefined after the last one. New papers do not move it. */
  readonly next?: string | undefined;
  readonly facets?: SearchFacets | undefined;
  /** The query that was used instead, because a word of the given one is in no paper. */
  readonly corrected?: string | undefined;
  /** Too few papers have all plain words of the query, so papers with most of them follow. */
  readonly isRelaxed: boolean;
}

/** Searches every paper that was ever listed. */
export interface PaperSearch {
  /** @throws SearchCursorError for a cursor that is not of this request */
  search(request: SearchRequest): Promise<SearchAnswer>;
  /** Returns the papers most like one, best first, without itself. Empty for an unknown paper. */
  similar(id: PaperId, limit: number): Promise<readonly Paper[]>;
}

/** A cursor that no answer gave, or that an answer to another request gave. */
export class SearchCursorError extends PermanentError {
  override readonly name = 'SearchCursorError';

  constructor() {
    super('The cursor is not one of this search. Start from the first page again.');
  }
}
