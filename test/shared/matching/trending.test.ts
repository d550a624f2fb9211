import { describe, expect, test } from '@jest/globals';
import { MAX_VOTE_COUNTS, type Paper } from '../../../shared/domain/papers/paper.ts';
import { addMs, MS_PER_DAY, MS_PER_HOUR } from '../../../shared/domain/time/time.ts';
import { rankPapers, trendingPoints, trendingScore } from '../../../shared/matching/trending.ts';
import { createPaper } from '../../factories/papers.ts';
import { fc } from '../../fast-check.ts';
import { runs } from '../../thorough.ts';

const SEEN = '2026-01-05T08:00:00.000Z';
const hoursAfter = (hours: number) => addMs(SEEN, hours * MS_PER_HOUR);

/** Creates a paper from its votes at some hours after it was first seen. */
function createHistory(
  votes: readonly (readonly [hours: number, upvotes: number])[],
  overrides: Partial<Paper> = {},
) {
  const { firstSeenAt = SEEN, comments = 0 } = overrides;
  const voteCounts = votes.map(([hours, upvotes]) => ({
    at: addMs(firstSeenAt, hours * MS_PER_HOUR),
    upvotes,
    comments,
  }));
  return createPaper({ comments, ...overrides, voteCounts, upvotes: voteCounts.at(-1)?.upvotes ?? 0 });
}

const arbitraryVotes = fc.oneof(fc.nat(12), fc.nat(300));
/** Papers with any history, first seen within two weeks. Votes may fall. */
const arbitraryPaper = fc
  .record({
    id: fc.integer({ min: 10_000, max: 99_999 }).map((n) => `2601.${n}`),
    seenAfterHours: fc.integer({ min: 0, max: 14 * 24 }),
    comments: fc.nat(20),
    steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), arbitraryVotes), {
      maxLength: MAX_VOTE_COUNTS - 1,
    }),
    first: arbitraryVotes,
  })
  .map(({ id, seenAfterHours, comments, steps, first }) => {
    let hours = 0;
    const votes = steps.map(([step, upvotes]) => {
      hours += step;
      return [hours, upvotes] as const;
    });
    return createHistory([[0, first], ...votes], { id, comments, firstSeenAt: hoursAfter(seenAfterHours) });
  });

const idsOf = (papers: readonly Paper[]) => papers.map(({ id }) => id);

describe('the trending score', () => {
  test('never falls with more votes or more comments, whatever the history', () => {
    fc.assert(
      fc.property(arbitraryPaper, fc.integer({ min: 1, max: 200 }), (paper, more) => {
        const score = trendingScore(paper);
        const upvotes = paper.upvotes + more;
        const newest = { ...paper.voteCounts.at(-1), upvotes } as Paper['voteCounts'][number];

        expect(trendingScore({ ...paper, comments: paper.comments + more })).toBeGreaterThan(score);
        expect(trendingScore({ ...paper, upvotes })).toBeGreaterThan(score);
        expect(
          trendingScore({ ...paper, upvotes, voteCounts: [...paper.voteCounts.slice(0, -1), newest] }),
        ).toBeGreaterThan(score);
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  test('never falls when a paper has more votes at every time', () => {
    fc.assert(
      fc.property(arbitraryPaper, fc.integer({ min: 1, max: 200 }), (paper, more) => {
        const voteCounts = paper.voteCounts.map((one) => ({ ...one, upvotes: one.upvotes + more }));

        expect(trendingScore({ ...paper, upvotes: paper.upvotes + more, voteCounts })).toBeGreaterThan(
          trendingScore(paper),
        );
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  test('gives the same order when all times move by the same amount', () => {
    const moveBy = (ms: number, paper: Paper): Paper => ({
      ...paper,
      firstSeenAt: addMs(paper.firstSeenAt, ms),
      voteCounts: paper.voteCounts.map((one) => ({ ...one, at: addMs(one.at, ms) })),
    });
    const papers = fc.uniqueArray(arbitraryPaper, { minLength: 2, maxLength: 12, selector: ({ id }) => id });
    fc.assert(
      fc.property(papers, fc.integer({ min: -1000 * MS_PER_DAY, max: 1000 * MS_PER_DAY }), (some, ms) => {
        const scores = some.map((paper) => trendingScore(paper));
        const isClear = scores.every((one, n) =>
          scores.every((other, m) => n === m || one === other || Math.abs(one - other) > 1e-9),
        );
        fc.pre(isClear);

        expect(idsOf(rankPapers(some.map((paper) => moveBy(ms, paper))))).toEqual(idsOf(rankPapers(some)));
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  test('does not depend on the order of the papers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(arbitraryPaper, { maxLength: 12, selector: ({ id }) => id }), (papers) => {
        expect(idsOf(rankPapers([...papers].reverse()))).toEqual(idsOf(rankPapers(papers)));
      }),
    );
  });

  test('asks twice the points of a paper that is 36 hours older', () => {
    const fresh = createPaper({ id: '2601.00001', upvotes: 19, comments: 0, firstSeenAt: hoursAfter(36) });
    const old = (upvotes: number) =>
      createPaper({ id: '2601.00002', upvotes, comments: 0, firstSeenAt: SEEN });

    expect(trendingScore(old(39))).toBeCloseTo(trendingScore(fresh), 9);
    expect(idsOf(rankPapers([old(38), fresh]))).toEqual(['2601.00001', '2601.00002']);
    expect(idsOf(rankPapers([fresh, old(40)]))).toEqual(['2601.00002', '2601.00001']);
  });

  test('is higher for votes that are still growing', () => {
    const growing = createHistory([
      [0, 1],
      [6, 20],
      [12, 30],
      [20, 40],
    ]);
    const steady = createHistory([
      [0, 30],
      [20, 40],
    ]);

    expect(trendingPoints(growing)).toMatchObject({ votes: 40, growth: 14.5 });
    expect(trendingPoints(steady)).toMatchObject({ votes: 40, growth: 0 });
    expect(trendingScore(growing)).toBeGreaterThan(trendingScore(steady));
  });

  test('counts a fall as no growth', () => {
    const falling = createHistory([
      [0, 40],
      [20, 12],
    ]);

    expect(trendingPoints(falling)).toEqual({ votes: 12, comments: 0, growth: 0, total: 13 });
  });

  test('counts all votes of a paper without a history, and one point for one without votes', () => {
    expect(trendingPoints(createHistory([[0, 250]]))).toMatchObject({ votes: 250, total: 251 });
    expect(trendingPoints(createPaper({ voteCounts: [], upvotes: 0, comments: 0 })).total).toBe(1);
  });

  test('breaks a tie by id, in any order', () => {
    const papers = ['2601.00003', '2601.00001', '2601.00002'].map((id) => createPaper({ id }));

    expect(idsOf(rankPapers(papers))).toEqual(['2601.00001', '2601.00002', '2601.00003']);
  });
});

describe('thirty votes at once from nowhere', () => {
  test('count in part until others vote three hours later', () => {
    const before = [
      [0, 1],
      [5, 2],
    ] as const;
    const votesOf = (...later: (readonly [number, number])[]) =>
      trendingPoints(createHistory([...before, ...later])).votes;

    expect(votesOf([30, 32])).toBeCloseTo(16.4, 1);
    // In two steps they are no more.
    expect(votesOf([30, 20], [31, 32])).toBeCloseTo(16.4, 1);
    expect(votesOf([30, 32], [32, 33])).toBeLessThan(17);
    expect(votesOf([30, 32], [33, 33])).toBe(33);
  });

  test('leave ordinary growth alone', () => {
    const grown = createHistory([
      [0, 1],
      [2, 8],
      [4, 16],
      [5, 21],
      [6, 26],
      [8, 37],
    ]);

    expect(trendingPoints(grown).votes).toBe(37);
  });

  test('never put a weak paper before a strong one that is not older', () => {
    // Strong: 25 votes or more that have lasted. Weak: a quarter of them at most, until thirty more come within three hours.
    const strongVotes = fc.integer({ min: 25, max: 400 });
    const steps = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: MAX_VOTE_COUNTS - 3 });
    fc.assert(
      fc.property(
        strongVotes,
        fc.double({ min: 0, max: 0.25, noNaN: true }),
        steps,
        fc.integer({ min: 0, max: 72 }),
        fc.nat(179),
        fc.nat(10),
        (upvotes, share, hours, olderByHours, minutes, comments) => {
          const strong = createHistory([[0, upvotes]], { id: '2601.00001', comments });
          const few = Math.floor(upvotes * share);
          let at = 0;
          const slow = hours.map((step, n) => {
            at += step;
            return [at, Math.ceil((few * (n + 1)) / hours.length)] as const;
          });
          const burst = [
            [at + 4, few + 15],
            [at + 4 + minutes / 60, few + 30],
          ] as const;
          const weak = createHistory([[0, 0], ...slow, ...burst], {
            id: '2601.00002',
            comments,
            firstSeenAt: hoursAfter(-olderByHours),
          });

          expect(weak.upvotes).toBe(few + 30);
          expect(idsOf(rankPapers([weak, strong]))).toEqual(['2601.00001', '2601.00002']);
        },
      ),
      { numRuns: runs(500, 20_000) },
    );
  });

  test('would put it first if they counted in full', () => {
    const strong = createHistory([[0, 25]], { id: '2601.00001' });
    const weak = createHistory(
      [
        [0, 2],
        [9, 32],
      ],
      { id: '2601.00002' },
    );

    expect(weak.upvotes).toBeGreaterThan(strong.upvotes);
    expect(idsOf(rankPapers([weak, strong]))).toEqual(['2601.00001', '2601.00002']);
  });
});
