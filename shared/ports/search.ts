import type { Listing } from '../domain/lists/listing.ts';
import type { Paper, PaperId } from '../domain/papers/paper.ts';
import type { ListedPaper } from '../matching/search/paper-columns.ts';
import type { CorpusAnswer, CorpusHit, CorpusRequest } from '../matching/search/search.ts';

export { SearchCursorError, type SearchSort, searchSorts } from '../matching/search/cursor.ts';
export type { SearchFacets } from '../matching/search/facets.ts';

/** The most hits that one answer has. */
export const MAX_SEARCH_LIMIT = 100;

/** A search. Its limit is 1 to {@link MAX_SEARCH_LIMIT}. */
export type SearchRequest = CorpusRequest;

/** A paper that matches. */
export interface SearchHit extends Omit<CorpusHit, 'id'> {
  readonly paper: Paper;
}

export interface SearchAnswer extends Omit<CorpusAnswer, 'hits'> {
  readonly hits: readonly SearchHit[];
}

/** A paper, and every day on which a list had it. */
interface RecentPaper {
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
  findRecent(id: PaperId): Promise<RecentPaper | undefined>;
}

/** An index of papers outside this process. */
export interface PaperIndex {
  /**
   * Indexes papers with all their listings. Does nothing for those that it has already. A paper that it refuses is
   * logged and counted.
   *
   * @throws PaperIndexError if it does not answer, or refuses everything
   */
  save(listed: readonly ListedPaper[]): Promise<void>;
}

/** An index of papers cannot be used. The cause says why. */
export class PaperIndexError extends Error {
  override readonly name = 'PaperIndexError';
}
