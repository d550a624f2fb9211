import type { Paper } from '../../shared/domain/paper.ts';
import { addDays, type Day, type Instant, utcDayOf } from '../../shared/domain/time.ts';
import { rankPapers } from '../../shared/domain/trending.ts';
import type { Repositories } from '../repositories.ts';

/** The papers of one day, best first. */
export interface PapersOfDay {
  readonly day: Day;
  readonly papers: readonly Paper[];
}

type PaperRepositories = Pick<Repositories, 'listings' | 'papers'>;

const LIST = 'hf-daily';
const DAYS_LOOKED_BACK = 10;

/** The papers listed on a day, by what is trending now. */
export async function loadDay(
  { listings, papers }: PaperRepositories,
  day: Day,
  now: Instant,
): Promise<PapersOfDay> {
  const listed = await listings.load(LIST, day);
  const found = await papers.loadMany(listed.map(({ paperId }) => paperId));
  return { day, papers: rankPapers(found, now) };
}

/** The newest day with papers within ten days; today, without any, when there is none. */
export async function loadNewestDay(repositories: PaperRepositories, now: Instant): Promise<PapersOfDay> {
  const today = utcDayOf(now);
  for (let back = 0; back <= DAYS_LOOKED_BACK; back += 1) {
    const found = await loadDay(repositories, addDays(today, -back), now);
    if (found.papers.length > 0) return found;
  }
  return { day: today, papers: [] };
}
