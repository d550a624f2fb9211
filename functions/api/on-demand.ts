import { loadOnFirstUse } from '../../shared/domain/once.ts';
import type { ListDayCache } from '../../shared/pipeline/snapshots/list-day-cache.ts';
import type { ArchiveReader } from '../../shared/ports/archive.ts';
import type { PaperSearch } from '../../shared/ports/search.ts';
import type { Keyring } from '../../shared/subscribers/keys.ts';

/** Returns a search that the first request creates, so that a start does not load it. */
export function createSearchOnDemand(create: () => Promise<PaperSearch>): PaperSearch {
  const open = loadOnFirstUse(create);
  return {
    search: async (request) => (await open()).search(request),
    similar: async (id, limit) => (await open()).similar(id, limit),
    findRecent: async (id) => (await open()).findRecent(id),
  };
}

/** Returns the papers of list-days, whose code the first page with papers loads. */
export function createListDaysOnDemand(create: () => Promise<ListDayCache>): ListDayCache {
  const open = loadOnFirstUse(create);
  return { load: async (...request) => (await open()).load(...request) };
}

/** Returns an archive whose code the first page of an old day or the first search loads. */
export function createArchiveOnDemand(create: () => Promise<ArchiveReader>): ArchiveReader {
  const open = loadOnFirstUse(create);
  return {
    loadMonths: async () => (await open()).loadMonths(),
    loadSegment: async (...request) => (await open()).loadSegment(...request),
  };
}

/** Returns a keyring that the first link creates. Most requests are for public pages. */
export function createKeyringOnDemand(create: () => Promise<Keyring>): Keyring {
  const open = loadOnFirstUse(create);
  return { load: async () => (await open()).load() };
}
