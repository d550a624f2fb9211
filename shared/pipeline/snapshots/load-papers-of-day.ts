import type { Paper } from '../../domain/papers/paper.ts';
import { type Instant, latestOf } from '../../domain/time/time.ts';
import type { ListingRepository, PaperRepository } from '../../ports/papers.ts';
import type { ListDay } from '../../ports/snapshots.ts';
import { inOrder } from '../../snapshots/snapshot-state.ts';

export interface PapersOfDayPorts {
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly listings: Pick<ListingRepository, 'load'>;
}

/** Loads the papers of a list-day from the table, in order of their ids. Leaves out a paper that cannot be read. */
export async function loadPapersOfDay(
  { papers, listings }: PapersOfDayPorts,
  { list, day }: ListDay,
): Promise<{ readonly papers: readonly Paper[]; readonly newestListingSeenAt: Instant | undefined }> {
  const listed = await listings.load(list, day);
  const loaded = listed.length > 0 ? await papers.loadMany(listed.map(({ paperId }) => paperId)) : [];
  return {
    papers: inOrder(loaded),
    newestListingSeenAt: latestOf(listed.map(({ firstSeenAt }) => firstSeenAt)),
  };
}
