import pMap from 'p-map';
import type { ListedPaper } from '../../matching/search/paper-columns.ts';
import type { ListingRepository } from '../../ports/papers.ts';
import type { PaperIndex } from '../../ports/search.ts';
import { listDayKeyOf } from '../../ports/snapshots.ts';
import type { ListedPapersPorts } from './load-listed-papers.ts';

export interface IndexPapersPorts extends ListedPapersPorts {
  readonly listings: Pick<ListingRepository, 'load' | 'loadOfPaper'>;
  /** Undefined if searches read the archive. */
  readonly index?: PaperIndex | undefined;
}

const LOADS_AT_ONCE = 8;

/** Puts papers into the index outside this process, if there is one, with all listings that are known of them. */
export async function indexPapers(
  { listings, index }: Pick<IndexPapersPorts, 'listings' | 'index'>,
  listed: readonly ListedPaper[],
): Promise<void> {
  if (!index || listed.length === 0) return;
  const complete = await pMap(
    listed,
    async ({ paper, listings: known }) => {
      const stored = await listings.loadOfPaper(paper.id);
      const all = new Map(
        [...known, ...stored].map(({ list, day }) => [listDayKeyOf({ list, day }), { list, day }]),
      );
      return { paper, listings: [...all.values()] };
    },
    { concurrency: LOADS_AT_ONCE },
  );
  await index.save(complete);
}
