import {
  type PaperSearch,
  type SearchAnswer,
  SearchCursorError,
  type SearchRequest,
} from '../../ports/search.ts';

/** Returns a page of results. Undefined if its cursor belongs to another search, or to an earlier version. */
export async function findResultPage(
  search: Pick<PaperSearch, 'search'>,
  request: SearchRequest,
): Promise<SearchAnswer | undefined> {
  try {
    return await search.search(request);
  } catch (error) {
    if (error instanceof SearchCursorError) return undefined;
    throw error;
  }
}
