import type { ListId } from '../../domain/lists/lists.ts';
import { withParams } from '../../domain/text/with-params.ts';
import { parseQueryIfValid } from '../../matching/query/parse-query.ts';
import type { QueryNode } from '../../matching/query/query.ts';
import type { SearchSort } from '../../ports/search.ts';

/** The page of search results. */
export const SEARCH_PATH = '/search';

/** The page that explains the query language and how results are sorted. */
export const SEARCH_HELP_PATH = '/about/search';

/** One page of search results. It holds nothing about the reader. */
export interface SearchSelection {
  /** Empty for every paper. */
  readonly query: string;
  readonly sort: SearchSort;
  /** Empty for every list. */
  readonly lists: readonly ListId[];
  /** The month in which papers were listed: `2026-01`. Undefined for every month. */
  readonly month: string | undefined;
  /** Whether the words are searched as they are written. */
  readonly isVerbatim: boolean;
}

/** Returns the order of results if the reader chose none. */
export function defaultSortOf(query: string): SearchSort {
  return isRanked(query) ? 'relevance' : 'date';
}

/** Returns whether a query has words, which make one paper more relevant than another. Filters such as `has:code` do not. */
export function isRanked(query: string): boolean {
  const parsed = parseQueryIfValid(query);
  return parsed !== undefined && hasWords(parsed);
}

function hasWords(node: QueryNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.parts.some(hasWords);
  return node.kind === 'text';
}

/**
 * Returns the path of search results: `/search?q=agents&sort=date&list=hf-daily&month=2026-01`. Default values are left out.
 *
 * @param cursor the position of the first hit, from an earlier answer. @default the first page
 */
export function toSearchPath(
  {
    query,
    sort,
    lists = [],
    month,
    isVerbatim = false,
  }: Pick<SearchSelection, 'query'> & Partial<SearchSelection>,
  cursor?: string,
): string {
  // Relevance is the usual order if there is one.
  const isUsualSort = sort === undefined || sort === 'relevance' || sort === defaultSortOf(query);
  return withParams(SEARCH_PATH, {
    q: query,
    sort: isUsualSort ? undefined : sort,
    list: lists.join(','),
    month,
    verbatim: isVerbatim ? '1' : undefined,
    cursor,
  });
}
