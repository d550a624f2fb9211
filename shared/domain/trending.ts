import type { Paper } from './paper.ts';
import { type Instant, MS_PER_DAY, MS_PER_HOUR, msBetween } from './time.ts';

/** What the score of a paper is made of. */
export type TrendingInput = Pick<Paper, 'upvotes' | 'comments' | 'stars' | 'snapshots' | 'firstSeenAt'>;

/** After so long a score has halved. */
const HALF_LIFE_MS = 2 * MS_PER_DAY;

/** Growth over a shorter time than this is counted as if it had taken this long: a burst of minutes is no trend. */
const SHORTEST_GROWTH_MS = 6 * MS_PER_HOUR;

/**
 * How much a paper is being talked about at a moment: 0 or more, higher is better, comparable among all papers at the
 * same `now`.
 *
 *     interest = 3 ln(1 + upvotes) + 2 ln(1 + votes per day) + ln(1 + comments) + ½ ln(1 + stars)
 *     score    = interest × ½ ^ (age / 2 days)
 *
 * - The logarithms make the tenth vote count for more than the hundredth, so one giant does not hide a good day.
 * - Votes per day is the rise from the oldest kept snapshot to the newest; a fall counts as none.
 * - Age is the time since the paper was first seen here, not since it was published: old papers get listed too.
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

/** Papers by their score at a moment, the highest first; equal scores in the order of ids. */
export function rankPapers<Ranked extends TrendingInput & Pick<Paper, 'id'>>(
  papers: readonly Ranked[],
  now: Instant,
): readonly Ranked[] {
  return papers
    .map((paper) => ({ paper, score: trendingScore(paper, now) }))
    .sort((a, b) => b.score - a.score || (a.paper.id < b.paper.id ? -1 : 1))
    .map(({ paper }) => paper);
}
