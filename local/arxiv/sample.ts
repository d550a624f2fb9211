import * as z from 'zod';
import { arxivCalendar } from '../../shared/domain/lists/arxiv-calendar.ts';
import { lastListingDay } from '../../shared/domain/lists/list-calendar.ts';
import { addDays, type Day, type Instant } from '../../shared/domain/time/time.ts';
import { type Announcement, arxivDayOf } from './archive.ts';

export const SAMPLE_CATEGORIES = ['cs.CL', 'cs.LG', 'cs.CV'] as const;

const samplePaperSchema = z.object({
  id: z.string(),
  title: z.string(),
  authors: z.array(z.string()),
  categories: z.tuple([z.string()], z.string()),
  abstract: z.string(),
  action: z.enum(['new', 'cross', 'replace']),
  /** How many versions it has. */
  versions: z.int().positive(),
  comments: z.string().optional(),
});

/** How many days passed between two versions of a paper. */
const DAYS_PER_VERSION = 30;

/**
 * Returns a batch of forty papers, made up for this project, as that of the newest batch day at arXiv. Two of the papers are real and also
 * in the sample of Hugging Face. The ids of the others belong to no paper.
 */
export async function loadArxivSample(
  now: Instant,
): Promise<{ readonly day: Day; readonly announcements: readonly Announcement[] }> {
  const { default: papers } = await import('./sample/papers.json', { with: { type: 'json' } });
  const today = arxivDayOf(now);
  const day = lastListingDay(arxivCalendar, today) ?? today;
  const submittedOn = lastListingDay(arxivCalendar, addDays(day, -1)) ?? addDays(day, -1);
  const announcements = z
    .array(samplePaperSchema)
    .parse(papers)
    .map(({ action, versions, ...paper }) => ({
      action,
      paper: { ...paper, versions: toVersions(submittedOn, versions) },
    }));
  return { day, announcements };
}

/** Returns when each version was submitted. The last one was in time for the batch. */
function toVersions(submittedOn: Day, count: number): readonly [Instant, ...Instant[]] {
  const toInstantOf = (back: number) => `${addDays(submittedOn, -back * DAYS_PER_VERSION)}T12:00:00.000Z`;
  const later = Array.from({ length: count - 1 }, (_, index) => toInstantOf(count - 2 - index));
  return [toInstantOf(count - 1), ...later];
}
