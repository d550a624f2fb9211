import type { Paper } from '../domain/papers/paper.ts';
import { compareText } from '../domain/text/compare-text.ts';
import { type Instant, MS_PER_DAY, MS_PER_HOUR, toEpochMs } from '../domain/time/time.ts';

/** The facts that a score is computed from. */
export type TrendingInput = Pick<Paper, 'upvotes' | 'comments' | 'voteCounts' | 'firstSeenAt' | 'pickedAt'>;

/** The numbers of the score. `npm run eval:trending` tries others. */
export interface TrendingRules {
  /** For each time of this length that a paper is older, it needs twice the points. */
  readonly halfLifeMs: number;
  readonly pointsPerComment: number;
  /** What a vote of the last day counts in addition to its own point. */
  readonly pointsPerGrowth: number;
  /** Votes are new if they came within this time before the newest vote count. */
  readonly newMs: number;
  /** How many new votes count in full, unless there are more older ones. Then as many as those count in full. */
  readonly newVotes: number;
}

export const TRENDING_RULES: TrendingRules = {
  halfLifeMs: 36 * MS_PER_HOUR,
  pointsPerComment: 0.5,
  pointsPerGrowth: 0.5,
  newMs: 3 * MS_PER_HOUR,
  newVotes: 10,
};

/** What the points of a paper are made of. */
export interface TrendingPoints {
  /** The votes that count. It is less than the votes only after a burst, and then a fraction. */
  readonly votes: number;
  readonly comments: number;
  readonly growth: number;
  /** The sum, and one point for the paper itself. */
  readonly total: number;
}

/**
 * Returns the points of a paper, without its age:
 *
 *     points = 1 + votes + ½ comments + ½ growth
 *
 * - *Growth* is how many votes came between 24 and 3 hours before the newest vote count.
 * - *Votes* count one point each, but for a burst. Votes of the last three hours before the newest vote count are new. Ten of them
 *   count in full, or as many as the paper had before if that is more. Of `n` more only log₂(1 + n) count, until a vote or
 *   comment three hours later. Thirty votes at once give a paper with two votes 24 points instead of 32.
 *
 * A paper with one vote count has no history. Its votes count in full, and its growth is 0. More votes never give fewer points.
 */
export function trendingPoints(
  { upvotes, comments, voteCounts }: TrendingInput,
  { pointsPerComment, pointsPerGrowth, newMs, newVotes }: TrendingRules = TRENDING_RULES,
): TrendingPoints {
  const newestMs = toEpochMs(voteCounts.at(-1)?.at ?? UNKNOWN);
  const lasted = votesAt(voteCounts, newestMs - newMs) ?? upvotes;
  const dayBefore = votesAt(voteCounts, newestMs - MS_PER_DAY) ?? upvotes;

  const limit = lasted + Math.max(newVotes, lasted);
  const votes = upvotes <= limit ? upvotes : limit + Math.log2(1 + upvotes - limit);
  const points = {
    votes,
    comments: pointsPerComment * comments,
    growth: pointsPerGrowth * Math.max(0, Math.min(lasted, upvotes) - dayBefore),
  };
  return { ...points, total: 1 + points.votes + points.comments + points.growth };
}

/**
 * Returns the trending score. A higher one ranks first, and only the order means something:
 *
 *     score = log₂(points) + (time when the paper was first seen ÷ 36 hours)
 *
 * So a paper needs twice the points for each 36 hours that it is older. The current time is no part of it. So the order of two papers
 * stays until their votes or comments change, and a score can be stored. If all times move by the same amount, no order changes.
 *
 * Age counts from when the paper was first seen here, because old papers are listed too. For a paper that Hugging Face picked later it
 * counts from then, because votes were not possible before.
 */
export function trendingScore(paper: TrendingInput, rules: TrendingRules = TRENDING_RULES): number {
  const bornAt = paper.pickedAt ?? paper.firstSeenAt;
  return Math.log2(trendingPoints(paper, rules).total) + toEpochMs(bornAt) / rules.halfLifeMs;
}

/** Stands in for the time of a vote count if there is none. */
const UNKNOWN: Instant = '1970-01-01T00:00:00.000Z';

/** Returns the votes of the last vote count until a time, or of the oldest one. Undefined if there is none. */
function votesAt(voteCounts: TrendingInput['voteCounts'], ms: number): number | undefined {
  const until = voteCounts.findLast(({ at }) => toEpochMs(at) <= ms) ?? voteCounts[0];
  return until?.upvotes;
}

/** Returns whether a source counts the votes of a paper. Unknown votes are not the same as no votes. */
export function hasKnownVotes({ voteCounts }: Pick<Paper, 'voteCounts'>): boolean {
  return voteCounts.length > 0;
}

/**
 * Returns papers by their trending score, the highest first. Papers with equal scores sort by id. Papers with unknown votes come last, in
 * the same order.
 */
export function rankPapers<Ranked extends TrendingInput & Pick<Paper, 'id'>>(
  papers: readonly Ranked[],
): readonly Ranked[] {
  return papers
    .map((paper) => ({ paper, score: trendingScore(paper), isLast: Number(!hasKnownVotes(paper)) }))
    .sort((a, b) => a.isLast - b.isLast || b.score - a.score || compareText(a.paper.id, b.paper.id))
    .map(({ paper }) => paper);
}
