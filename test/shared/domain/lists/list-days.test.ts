import { expect, test } from '@jest/globals';
import { arxivCalendar } from '../../../../shared/domain/lists/arxiv-calendar.ts';
import {
  DAYS_REMEMBERED,
  type DayReading,
  readDays,
  toDaysText,
  toShownDays,
  usualEmptyShare,
  withReadings,
} from '../../../../shared/domain/lists/list-days.ts';
import { IRREGULAR } from '../../../../shared/domain/lists/lists.ts';
import { addDays, type Day } from '../../../../shared/domain/time/time.ts';
import { fc } from '../../../fast-check.ts';

const NOON = '2026-11-27T17:00:00.000Z';

/** The kinds of the days since Friday 20 November 2026. */
const kindsOf = (days: string, now = NOON, lastSuccessAt = now) =>
  toShownDays({ days, lastSuccessAt }, arxivCalendar, now)
    .filter(({ day }) => day >= '2026-11-20')
    .map(({ kind, papers }) => (papers > 0 ? `${kind} ${papers}` : kind));

test.each([
  [
    'a week with Thanksgiving',
    '2026-11-20 120 0 0 150 501 99 80 0',
    ['came 120', 'none', 'none', 'came 150', 'came 501', 'came 99', 'came 80', 'holiday'],
  ],
  [
    'days that were late, partial, unread and missing',
    '2026-11-20 120L 0 0 150P 0P 0 80 0',
    ['late 120', 'none', 'none', 'partial 150', 'unread', 'missing', 'came 80', 'holiday'],
  ],
  [
    'a list that is followed since Tuesday',
    '2026-11-24 7 7 7',
    ['unknown', 'unknown', 'unknown', 'unknown', 'came 7', 'came 7', 'came 7', 'holiday'],
  ],
  ['a text that cannot be read', '2026-11-20 many', Array.from({ length: 8 }, () => 'unknown')],
  [
    'papers on a holiday',
    '2026-11-26 80 3',
    [...Array.from({ length: 6 }, () => 'unknown'), 'came 80', 'came 3'],
  ],
])('shows %s', (_, days, expected) => {
  expect(kindsOf(days)).toEqual(expected);
});

test('a day is awaited until its hour, and a day after the last read is unread', () => {
  const days = '2026-11-20 120 0 0 150';

  expect(kindsOf(days, '2026-11-24T05:30:00.000Z').at(-1)).toBe('awaited');
  expect(kindsOf(days, '2026-11-24T07:30:00.000Z').at(-1)).toBe('missing');
  expect(kindsOf(days, '2026-11-24T07:30:00.000Z', '2026-11-23T08:00:00.000Z').at(-1)).toBe('unread');
});

test('a list without a calendar has quiet days, and no missing ones', () => {
  const days = toShownDays({ days: '2026-11-25 2 0 0P', lastSuccessAt: NOON }, IRREGULAR, NOON);

  expect(days.slice(-3).map(({ kind }) => kind)).toEqual(['came', 'none', 'unread']);
});

test.each<[string, string, number]>([
  ['a small category', '2026-11-09 1 0 0 2 0 0 0 0 1 0 0', 4 / 7],
  ['a large one that missed a few days', '2026-11-09 90 0 0 80 70 0 0 60 95 80 75 83', 0],
  ['one that was empty on both its days', '2026-11-09 0 0 0', 1],
  ['one that was empty on its first day', '2026-11-09 0 0', 0],
  ['one that could not be read', '2026-11-09 0P 0P 0P 0P', 0],
  ['a large one that has had no papers for a week', '2026-11-09 90 80 70 85 60 0 0 0 0 0 0 0 0 0', 0],
  ['one that had a paper four weeks ago', `2026-11-02 1${' 0'.repeat(27)}`, 18 / 19],
])('%s has its usual share of empty days', (_, days, share) => {
  expect(usualEmptyShare(readDays(days), arxivCalendar)).toBeCloseTo(share, 10);
  expect(usualEmptyShare(readDays(days), { ...arxivCalendar, mayBeEmpty: false })).toBe(0);
});

test('a small category has days without papers, and none that are missing', () => {
  expect(kindsOf('2026-11-09 1 0 0 2 0 0 0 0 1 0 0 0 0 0 0 0 0 0').slice(0, 1)).toEqual(['none']);
});

test.each<[string, string, DayReading, string, string]>([
  ['the first read', '', { papers: 5, firstSeenAt: NOON }, '2026-11-25', '2026-11-25 5 0 0'],
  [
    'papers in time',
    '2026-11-24 7 0',
    { papers: 5, firstSeenAt: '2026-11-25T05:10:00.000Z' },
    '2026-11-25',
    '2026-11-24 7 5 0 0',
  ],
  ['late papers', '2026-11-24 7 0', { papers: 5, firstSeenAt: NOON }, '2026-11-25', '2026-11-24 7 5L 0 0'],
  [
    'more papers of a day that came in time',
    '2026-11-25 5 0',
    { papers: 9, firstSeenAt: NOON },
    '2026-11-25',
    '2026-11-25 9 0 0',
  ],
  ['an unreadable list', '2026-11-26 5', { isPartial: true }, '2026-11-27', '2026-11-26 5 0P'],
  [
    'a whole read after a partial one',
    '2026-11-26 5 2P',
    { papers: 9, isPartial: false },
    '2026-11-27',
    '2026-11-26 5 9',
  ],
  ['a day that is still to come', '2026-11-26 5', { papers: 9 }, '2026-11-28', '2026-11-26 5 0'],
  ['a day long ago', '2026-11-26 5', { papers: 9 }, '2026-10-28', '2026-11-26 5 0'],
])('remembers %s', (_, before, news, day, expected) => {
  const after = withReadings(readDays(before), new Map([[day, news]]), arxivCalendar, NOON);

  expect(toDaysText(after)).toBe(expected);
  expect(toDaysText(withReadings(after, new Map([[day, news]]), arxivCalendar, NOON))).toBe(expected);
});

test('any days can be written and read again, and never grow beyond a month', () => {
  const days = fc.array(
    fc.record({ papers: fc.nat({ max: 2_000 }), isLate: fc.boolean(), isPartial: fc.boolean() }),
    { minLength: 1, maxLength: DAYS_REMEMBERED },
  );
  fc.assert(
    fc.property(days, fc.nat({ max: 40 }), (records, later) => {
      const known = new Map(
        records.map((record, index): [Day, typeof record] => [addDays('2026-11-01', index), record]),
      );
      expect(readDays(toDaysText(known))).toEqual(known);

      const now = `${addDays('2026-11-30', later)}T17:00:00.000Z`;
      const after = withReadings(known, new Map(), arxivCalendar, now);
      expect(after.size).toBeLessThanOrEqual(DAYS_REMEMBERED);
      for (const [day, record] of after) expect(record.papers).toBe(known.get(day)?.papers ?? 0);
    }),
    { numRuns: 60 },
  );
});
