import { arxivDayOf } from '../../../local/arxiv/archive.ts';
import { toListState } from '../../../shared/domain/lists/list-state.ts';
import { addDays, daysFrom } from '../../../shared/domain/time/time.ts';
import { type Batches, papersOf } from '../services/batches.ts';
import type { ChaosSystem } from '../system/system.ts';

interface JudgedSystem extends Pick<ChaosSystem, 'followed' | 'now'> {
  readonly repositories: Pick<ChaosSystem['repositories'], 'listings' | 'papers' | 'sourceStates'>;
}

/** A paper in a gap counts for the gap's first day at the earliest. No listing is earlier. */
const DAYS_BEFORE = 3;

/**
 * Returns what is wrong with the lists of arXiv after a run of ingest without faults, in words. Every announced paper is in the table and
 * on each of its lists, on one day. No other paper is. Each list is in the state of a list whose batches have all been read.
 */
export async function findWrongLists(
  { repositories, followed, now }: JudgedSystem,
  batches: Batches,
): Promise<readonly string[]> {
  const today = arxivDayOf(now());
  const [first = today] = batches.keys();
  const stored = await repositories.sourceStates.load('arxiv');
  const wrong: string[] = [];
  for (const { id: list, source, calendar } of followed) {
    if (source !== 'arxiv') continue;
    const expected = papersOf(batches, list, today);
    const days = daysFrom(addDays(first, -DAYS_BEFORE), addDays(today, 1));
    const listings = await Promise.all(days.map((day) => repositories.listings.load(list, day)));
    const listed = listings.flat().map(({ paperId }) => paperId);
    const papers = await repositories.papers.loadMany(expected);
    const missing = expected.filter((id) => !listed.includes(id));
    const state = toListState(stored?.lists[list] ?? { failuresInARow: 0 }, calendar, now());
    wrong.push(
      ...missing.map((id) => `${list} lacks ${id}`),
      ...listed.filter((id) => !expected.includes(id)).map((id) => `${list} has ${id}`),
      ...listed.filter((id, at) => listed.indexOf(id) !== at).map((id) => `${list} has ${id} twice`),
      ...expected.filter((id) => !papers.some((paper) => paper.id === id)).map((id) => `no paper ${id}`),
      ...(state === 'fresh' || (state === 'quiet' && !batches.has(today)) ? [] : [`${list} is ${state}`]),
    );
  }
  return wrong;
}
