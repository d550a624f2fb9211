import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { indexPapers } from '../../../shared/domain/match.ts';
import { selectSections } from '../../../shared/domain/select.ts';
import { addMs, MS_PER_HOUR } from '../../../shared/domain/time.ts';
import { rankPapers, trendingScore } from '../../../shared/domain/trending.ts';
import { createPaper } from '../../factories/papers.ts';
import { createSubscription } from '../../factories/subscribers.ts';

const NOW = '2026-01-06T08:00:00.000Z';
const SEEN = '2026-01-05T08:00:00.000Z';

describe('the trending score', () => {
  const counts = fc.nat(2000);

  test('never falls with more votes, comments or stars, and never rises with age', () => {
    fc.assert(
      fc.property(
        counts,
        counts,
        counts,
        fc.nat(200),
        fc.nat(400),
        (upvotes, comments, stars, more, hours) => {
          const paper = createPaper({ upvotes, comments, stars, firstSeenAt: SEEN });
          const score = trendingScore(paper, NOW);

          expect(score).toBeGreaterThanOrEqual(0);
          expect(trendingScore({ ...paper, upvotes: upvotes + more }, NOW)).toBeGreaterThanOrEqual(score);
          expect(trendingScore({ ...paper, comments: comments + more }, NOW)).toBeGreaterThanOrEqual(score);
          expect(trendingScore({ ...paper, stars: stars + more }, NOW)).toBeGreaterThanOrEqual(score);
          expect(trendingScore(paper, addMs(NOW, hours * MS_PER_HOUR))).toBeLessThanOrEqual(score);
        },
      ),
    );
  });

  test('is higher for votes that are still growing', () => {
    const steady = createPaper({ upvotes: 40, firstSeenAt: SEEN });
    const growing = {
      ...steady,
      snapshots: [
        { at: SEEN, upvotes: 5, comments: 0 },
        { at: NOW, upvotes: 40, comments: 0 },
      ],
    };
    const falling = { ...steady, snapshots: [...growing.snapshots].reverse() };

    expect(trendingScore(growing, NOW)).toBeGreaterThan(trendingScore(steady, NOW));
    expect(trendingScore(falling, NOW)).toBe(trendingScore(steady, NOW));
  });

  test('halves in two days', () => {
    const paper = createPaper({ upvotes: 40, firstSeenAt: SEEN });

    expect(trendingScore(paper, '2026-01-08T08:00:00.000Z')).toBeCloseTo(
      trendingScore(paper, NOW) / Math.SQRT2 ** 2,
      10,
    );
  });

  test('breaks a tie by id, in any order', () => {
    const papers = ['2601.00003', '2601.00001', '2601.00002'].map((id) => createPaper({ id }));

    expect(rankPapers(papers, NOW).map(({ id }) => id)).toEqual(['2601.00001', '2601.00002', '2601.00003']);
  });
});

describe('selecting the papers of a digest', () => {
  const papers = [1, 2, 3, 4].map((n) =>
    createPaper({ id: `2601.0000${n}`, title: n % 2 ? 'Odd one' : 'Even one' }),
  );
  const listsByPaper = new Map(
    papers.map(({ id }) => [id, new Set(id === '2601.00004' ? ['arxiv/cs.CL'] : ['hf-daily'])]),
  );
  const candidates = { index: indexPapers(papers), listsByPaper };
  const select = (subscriptions: ReturnType<typeof createSubscription>[], sent: string[] = []) =>
    selectSections({ subscriptions }, 'daily', candidates, new Set(sent)).map(
      ({ subscription, matches, moreCount }) => [
        subscription.id,
        matches.map(({ paper }) => paper.id.at(-1)).join(''),
        moreCount,
      ],
    );

  test('selects papers of the followed lists, in rank order', () => {
    expect(select([createSubscription()])).toEqual([['s1', '123', 0]]);
    expect(select([createSubscription({ lists: ['arxiv/cs.CL', 'hf-daily'] })])).toEqual([['s1', '1234', 0]]);
  });

  test('keeps the best papers and counts the rest', () => {
    expect(select([createSubscription({ maxPapers: 2 })])).toEqual([['s1', '12', 1]]);
  });

  test('leaves out sent papers', () => {
    expect(select([createSubscription()], ['2601.00002'])).toEqual([['s1', '13', 0]]);
    expect(select([createSubscription()], ['2601.00001', '2601.00002', '2601.00003'])).toEqual([]);
  });

  test('selects a paper once, in the first section with room for it', () => {
    const sections = select([
      createSubscription({ id: 's1', query: 'odd', maxPapers: 1 }),
      createSubscription({ id: 's2', query: 'even' }),
      createSubscription({ id: 's3' }),
    ]);

    expect(sections).toEqual([
      ['s1', '1', 1],
      ['s2', '2', 0],
      ['s3', '3', 0],
    ]);
  });

  test('ignores subscriptions of another cadence', () => {
    expect(select([createSubscription({ cadence: 'weekly' })])).toEqual([]);
  });
});
