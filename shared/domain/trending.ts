import type { Paper } from './paper.ts';
import { type Instant, MS_PER_DAY, MS_PER_HOUR, msBetween } from './time.ts';

/** The facts that a score is computed from. */
export type TrendingInput = Pick<Paper, 'upvotes' | 'comments' | 'stars' | 'snapshots' | 'firstSeenAt'>;

/** The time in which a score halves. */
const HALF_LIFE_MS = 2 * MS_PER_DAY;

/** The shortest time over which growth counts. A burst of minutes is not a trend. */
const SHORTEST_GROWTH_MS = 6 * MS_PER_HOUR;

/**
 * Returns how much attention a paper gets: 0 or more, higher is better. Scores with the same `now` are comparable.
 *
 *     interest = 3 ln(1 + upvotes) + 2 ln(1 + votes per day) + ln(1 + comments) + ½ ln(1 + stars)
 *     score    = interest × ½ ^ (age / 2 days)
 *
 * - With logarithms the tenth vote counts more than the hundredth, so one giant does not hide a good day.
 * - Votes per day is the rise from the oldest stored snapshot to the newest. A fall counts as 0.
 * - Age is the time since the paper was first seen here, because old papers are listed too.
 */
export function trendingScore(paper: TrendingInput, now: Instant): number {
  const interest =
    3 * Math.log1p(paper.upvotes) +
    2 * Math.log1p(votesPerDay(paper)) +
    Math.log1p(paper.comments) +
    0.5 * Math.log1p(paper.stars ?? 0);
  const ageMs = Math.max(0, msBetween(paper.firstSeenAt, now));
  return interest * 0.5 ** (ageMs / HALF_LIFE_MS);
}

function votesPerDay({ snapshots }: TrendingInput): number {
  const oldest = snapshots[0];
  const newest = snapshots.at(-1);
  if (!oldest || !newest) return 0;
  const growth = Math.max(0, newest.upvotes - oldest.upvotes);
  const elapsedMs = Math.max(SHORTEST_GROWTH_MS, msBetween(oldest.at, newest.at));
  return (growth * MS_PER_DAY) / elapsedMs;
}

/** Returns papers by their score, the highest first. Papers with equal scores sort by id. */
export function rankPapers<Ranked extends TrendingInput & Pick<Paper, 'id'>>(
  papers: readonly Ranked[],
  now: Instant,
): readonly Ranked[] {
  return papers
    .map((paper) => ({ paper, score: trendingScore(paper, now) }))
    .sort((a, b) => b.score - a.score || (a.paper.id < b.paper.id ? -1 : 1))
    .map(({ paper }) => paper);
}
