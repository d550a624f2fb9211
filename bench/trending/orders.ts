import { MS_PER_DAY, MS_PER_HOUR, msBetween, toEpochMs } from '../../shared/domain/time/time.ts';
import {
  TRENDING_RULES,
  type TrendingRules,
  trendingPoints,
  trendingScore,
} from '../../shared/matching/trending.ts';
import type { Candidate } from './recorded-days.ts';

/** A way to rank the papers of a day: higher scores first. */
export interface Order {
  readonly name: string;
  readonly scoreOf: (one: Candidate) => number;
}

const hoursSeen = ({ paper, now }: Candidate) => Math.max(0, msBetween(paper.firstSeenAt, now)) / MS_PER_HOUR;

/** The order that every other one is compared with. */
export const RAW_VOTES: Order = { name: 'raw votes', scoreOf: ({ paper }) => paper.upvotes };

/** What the score is made of, and its controls. */
export const ORDERS: readonly Order[] = [
  RAW_VOTES,
  { name: '**trending score**', scoreOf: ({ paper }) => trendingScore(paper) },
  {
    // https://news.ycombinator.com/item?id=1781013
    name: 'Hacker News: (votes - 1) / (hours + 2)^1.8',
    scoreOf: (one) => (one.paper.upvotes - 1) / (hoursSeen(one) + 2) ** 1.8,
  },
  {
    // https://github.com/reddit-archive/reddit/blob/master/r2/r2/lib/db/_sorts.pyx
    name: 'Reddit: log10(votes) + seconds / 45000',
    scoreOf: ({ paper }) =>
      Math.log10(Math.max(1, paper.upvotes)) + toEpochMs(paper.firstSeenAt) / 1000 / 45_000,
  },
  { name: 'score of earlier versions', scoreOf: earlierScore },
  { name: 'random order', scoreOf: () => 0 },
];

const withRules = (name: string, changes: Partial<TrendingRules>): Order => ({
  name,
  scoreOf: ({ paper }) => trendingScore(paper, { ...TRENDING_RULES, ...changes }),
});
/** Points with something added, and the same age. */
const withPoints = (name: string, extra: (one: Candidate) => number): Order => ({
  name,
  scoreOf: (one) =>
    Math.log2(trendingPoints(one.paper).total + extra(one)) +
    toEpochMs(one.paper.firstSeenAt) / TRENDING_RULES.halfLifeMs,
});

/** The score with one thing changed. */
export const VARIANTS: readonly Order[] = [
  ...[6, 12, 24, 48, 72].map((hours) =>
    withRules(`half-life ${hours} h`, { halfLifeMs: hours * MS_PER_HOUR }),
  ),
  { name: 'without age', scoreOf: ({ paper }) => trendingPoints(paper).total },
  withRules('without comments', { pointsPerComment: 0 }),
  withRules('a comment counts 2', { pointsPerComment: 2 }),
  withPoints('with stars: + ¼ log2(1 + stars)', ({ paper }) => 0.25 * Math.log2(1 + (paper.stars ?? 0))),
  withPoints('with stars: + log2(1 + stars)', ({ paper }) => Math.log2(1 + (paper.stars ?? 0))),
  withPoints('with publication: + 1 if two days old or less', ({ paper, now }) =>
    Number(msBetween(paper.publishedAt, now) <= 2 * MS_PER_DAY),
  ),
];

/** The score with other growth, for papers with a history. */
export const GROWTH_VARIANTS: readonly Order[] = [
  withRules('without growth', { pointsPerGrowth: 0 }),
  withRules('growth counts 1', { pointsPerGrowth: 1 }),
  withRules('without the limit on new votes', { newVotes: Number.MAX_SAFE_INTEGER }),
  {
    name: 'growth alone',
    scoreOf: ({ paper }) => paper.upvotes - (paper.voteCounts[0]?.upvotes ?? paper.upvotes),
  },
];

/** The score with votes divided by a power of the list's size, which matters only between days. */
export const SIZE_VARIANTS: readonly Order[] = [0.25, 0.5, 1].map((power) => ({
  name: `votes / (list size)^${power}`,
  scoreOf: ({ paper, listSize }) => paper.upvotes / listSize ** power,
}));

/** The score that this one replaced. It halved every two days, with its logarithm taken before. */
function earlierScore(one: Candidate): number {
  const { upvotes, comments, stars = 0 } = one.paper;
  const interest = 3 * Math.log1p(upvotes) + Math.log1p(comments) + 0.5 * Math.log1p(stars);
  return interest * 0.5 ** (hoursSeen(one) / 48);
}
