import type { PaperId } from '../../domain/papers/paper.ts';
import { anyOf, NO_RANGE, type QueryNode } from '../../matching/query/query.ts';
import type { PaperSearch, SearchHit } from '../../ports/search.ts';

/** On which lists a paper was, and when. */
export interface Listed extends Pick<SearchHit, 'lists'> {
  readonly listedOn?: SearchHit['listedOn'] | undefined;
}

/** Finds on which lists papers were, and when. A paper that the search does not know is missing. */
export async function findListed(
  search: PaperSearch,
  ids: readonly PaperId[],
): Promise<ReadonlyMap<PaperId, Listed>> {
  const [first, ...others] = ids.map((value): QueryNode => ({ kind: 'id', value, range: NO_RANGE }));
  if (!first) return new Map();
  const { hits } = await search.search({ query: anyOf(first, ...others), sort: 'date', limit: ids.length });
  return new Map(hits.map(({ paper, lists, listedOn }) => [paper.id, { lists, listedOn }]));
}
