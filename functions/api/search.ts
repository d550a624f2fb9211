import type { PaperSearch } from '../../shared/ports/search.ts';

/** Returns a search that the first request creates, so that a start does not load it. */
export function createSearchOnDemand(create: () => Promise<PaperSearch>): PaperSearch {
  let created: Promise<PaperSearch> | undefined;
  const open = () => {
    created ??= create();
    return created;
  };
  return {
    search: async (request) => (await open()).search(request),
    similar: async (id, limit) => (await open()).similar(id, limit),
    recall: async (id) => (await open()).recall(id),
  };
}
