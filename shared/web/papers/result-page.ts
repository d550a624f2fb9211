import type { ListId } from '../../domain/lists/lists.ts';
import {
  type PaperSearch,
  type SearchAnswer,
  SearchCursorError,
  type SearchFacets,
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

/** Returns facets with only the lists that are read here, because no search can be narrowed to another. Its papers can still be found. */
export function withListsReadHere(facets: SearchFacets, lists: readonly ListId[]): SearchFacets {
  return { ...facets, lists: facets.lists.filter(({ value }) => lists.includes(value)) };
}
