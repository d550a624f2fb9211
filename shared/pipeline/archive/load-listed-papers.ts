import pMap from 'p-map';
import type { ListId } from '../../domain/lists/lists.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import { compareText } from '../../domain/text/compare-text.ts';
import type { Day } from '../../domain/time/time.ts';
import type { ListedPaper } from '../../matching/search/paper-columns.ts';
import type { ArchivePosition } from '../../ports/archive.ts';
import type { ListingRepository, PaperRepository } from '../../ports/papers.ts';
import type { ListDay } from '../../ports/snapshots.ts';

export interface ListedPapersPorts {
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly listings: Pick<ListingRepository, 'load'>;
}

const LISTS_AT_ONCE = 8;

/**
 * Loads up to `limit` papers that the lists had on the days, sorted by day and then by id, each once. A paper has its listings on the days
 * that the answer covers. If it is listed again later, the next call returns it again. A paper that cannot be read is left out.
 *
 * @param after the position after which to begin
 * @returns the papers, and the position of the last one if others follow
 */
export async function loadListedPapers(
  ports: ListedPapersPorts,
  lists: readonly ListId[],
  days: readonly Day[],
  after: ArchivePosition | undefined,
  limit: number,
): Promise<{ readonly listed: readonly ListedPaper[]; readonly continueAfter: ArchivePosition | undefined }> {
  const listingsOf = new Map<PaperId, ListDay[]>();
  let last: ArchivePosition | undefined;
  let continueAfter: ArchivePosition | undefined;
  for (const day of days) {
    if (continueAfter || (after && day < after.day)) continue;
    for (const [id, own] of await loadDay(ports, lists, day)) {
      if (after?.day === day && id <= after.id) continue;
      const known = listingsOf.get(id);
      if (!known && listingsOf.size === limit) {
        continueAfter = last;
        break;
      }
      listingsOf.set(id, [...(known ?? []), ...own]);
      last = { day, id };
    }
  }
  const papers = await ports.papers.loadMany([...listingsOf.keys()]);
  const byId = new Map(papers.map((paper) => [paper.id, paper]));
  const listed = [...listingsOf].flatMap(([id, listings]) => {
    const paper = byId.get(id);
    return paper ? [{ paper, listings }] : [];
  });
  return { listed, continueAfter };
}

/** Loads the listings of each paper that a list had on a day, in order of the ids. */
async function loadDay(
  { listings }: Pick<ListedPapersPorts, 'listings'>,
  lists: readonly ListId[],
  day: Day,
): Promise<readonly (readonly [PaperId, readonly ListDay[]])[]> {
  const loaded = await pMap(lists, (list) => listings.load(list, day), { concurrency: LISTS_AT_ONCE });
  const listingsOf = new Map<PaperId, ListDay[]>();
  for (const { paperId, list } of loaded.flat())
    listingsOf.set(paperId, [...(listingsOf.get(paperId) ?? []), { list, day }]);
  return [...listingsOf].sort(([a], [b]) => compareText(a, b));
}
