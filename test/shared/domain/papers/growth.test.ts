import { expect, test } from '@jest/globals';
import { findGrowth } from '../../../../shared/domain/papers/growth.ts';

const grown = (...voteCounts: readonly (readonly [at: string, upvotes: number])[]) => ({
  voteCounts: voteCounts.map(([at, upvotes]) => ({ at: `${at}:00.000Z`, upvotes, comments: 0 })),
});

test.each([
  ['since yesterday', grown(['2026-01-05T20:00', 24], ['2026-01-06T06:00', 42]), { votes: 18, days: 1 }],
  [
    'since the last vote count of yesterday',
    grown(
      ['2026-01-05T08:00', 10],
      ['2026-01-05T20:00', 24],
      ['2026-01-06T01:00', 30],
      ['2026-01-06T06:00', 42],
    ),
    { votes: 18, days: 1 },
  ],
  ['in three days', grown(['2026-01-03T20:00', 24], ['2026-01-06T06:00', 42]), { votes: 18, days: 3 }],
  ['not within today', grown(['2026-01-06T01:00', 24], ['2026-01-06T06:00', 42]), undefined],
  ['not by one vote count', grown(['2026-01-05T06:00', 42]), undefined],
  ['not if the newest is of yesterday', grown(['2026-01-04T06:00', 24], ['2026-01-05T06:00', 42]), undefined],
  ['not by a fall', grown(['2026-01-05T06:00', 42], ['2026-01-06T06:00', 40]), undefined],
  ['not without vote counts', grown(), undefined],
])('votes grew %s', (_, paper, expected) => {
  expect(findGrowth(paper, '2026-01-06', 'UTC')).toEqual(expected);
});

test('yesterday is the day before in the reader’s time zone', () => {
  const paper = grown(['2026-01-05T16:00', 24], ['2026-01-06T06:00', 42]);

  expect(findGrowth(paper, '2026-01-06', 'America/New_York')).toEqual({ votes: 18, days: 1 });
  // In Tokyo the first vote count is of 1 o'clock on the same day.
  expect(findGrowth(paper, '2026-01-06', 'Asia/Tokyo')).toBeUndefined();
});
