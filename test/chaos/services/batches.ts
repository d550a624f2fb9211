import type { Announcement } from '../../../local/arxiv/archive.ts';
import { arxivCalendar } from '../../../shared/domain/lists/arxiv-calendar.ts';
import { isListingDay } from '../../../shared/domain/lists/list-calendar.ts';
import type { ListId } from '../../../shared/domain/lists/lists.ts';
import { type Day, daysFrom } from '../../../shared/domain/time/time.ts';
import { createBatchPaper } from '../../factories/arxiv.ts';

/** The categories of arXiv in the simulated worlds. */
const CATEGORIES = ['cs.CL', 'cs.CV'] as const;

export const ARXIV_LISTS: readonly ListId[] = CATEGORIES.map((category) => `arxiv/${category}`);

/** The announcements of arXiv by day. */
export type Batches = ReadonlyMap<Day, readonly Announcement[]>;

/** Returns the batches of arXiv's calendar. Each has a paper of each category, one of both, and one of neither. */
export function createBatches(first: Day, last: Day): Batches {
  const days = daysFrom(first, last).filter((day) => isListingDay(arxivCalendar, day));
  return new Map(
    days.map((day) => [
      day,
      ([['cs.CL'], ['cs.CV'], ['cs.CL', 'cs.CV'], ['math.AG']] as const).map(
        ([primary, ...others], n): Announcement => ({
          action: 'new',
          paper: createBatchPaper(day, n + 1, [primary, ...others]),
        }),
      ),
    ]),
  );
}

/** Returns the ids of a list's papers in the batches up to a day. */
export function papersOf(batches: Batches, list: ListId, until: Day): readonly string[] {
  return [...batches]
    .filter(([day]) => day <= until)
    .flatMap(([, announcements]) => announcements.map(({ paper }) => paper))
    .filter(({ categories }) => categories.some((category) => list === `arxiv/${category}`))
    .map(({ id }) => id);
}
