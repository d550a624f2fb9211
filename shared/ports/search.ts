import type { Listing } from '../domain/listing.ts';
import type { ListId } from '../domain/lists.ts';
import type { Paper, PaperId } from '../domain/paper.ts';
import type { Day } from '../domain/time.ts';
import type { MatchReason } from '../matching/index/explain.ts';
import type { QueryNode } from '../matching/query/query.ts';
import type { SearchSort } from '../matching/search/cursor.ts';
import type { SearchFacets } from '../matching/search/facets.ts';
import type { ListedPaper } from '../matching/search/paper-columns.ts';

export { SearchCursorError, type SearchSort, searchSorts } from '../matching/search/cursor.ts';
export type { SearchFacets } from '../matching/search/facets.ts';

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

/** A paper, and every day on which a list had it. */
export interface RecalledPaper {
  readonly paper: Paper;
  readonly listings: readonly Pick<Listing, 'list' | 'day'>[];
}

/** Searches every paper that was ever listed. */
export interface PaperSearch {
  /** @throws SearchCursorError for a cursor that is not of this request */
  search(request: SearchRequest): Promise<SearchAnswer>;
  /** Returns the papers most like one, best first, without itself. Empty for an unknown paper. */
  similar(id: PaperId, limit: number): Promise<readonly Paper[]>;
  /** Returns a paper that is in memory, at most a minute old. Undefined for any other: then the table may have it. */
  recall(id: PaperId): Promise<RecalledPaper | undefined>;
}

/** An index of papers outside this process. */
export interface PaperIndex {
  /**
   * Indexes papers with all their listings. Does nothing for those that it has already. Returns the ids of papers that it refuses.
   *
   * @throws PaperIndexError if it does not answer, or refuses everything
   */
  save(listed: readonly ListedPaper[]): Promise<readonly PaperId[]>;
}

/** An index of papers cannot be used. The cause says why. */
export class PaperIndexError extends Error {
  override readonly name = 'PaperIndexError';
}
