import { expect, test } from '@jest/globals';
import { arxivCalendar } from '../../../shared/domain/lists/arxiv-calendar.ts';
import { type ListCondition, toListCondition } from '../../../shared/domain/lists/list-state.ts';
import { toConditionLines } from '../../../shared/presentation/list-wording.ts';

const FRESH: ListCondition = { state: 'fresh' };
const CATEGORIES = ['AI', 'CL', 'CV', 'CY', 'DB', 'DS', 'HC', 'IR', 'LG', 'MA', 'NE', 'RO'].map(
  (part) => `arxiv/cs.${part}`,
);

const linesOf = (conditions: readonly (readonly [string, ListCondition])[], day = '2026-11-27') =>
  toConditionLines(new Map(conditions), day).map(({ text }) => text);
const lineOf = (condition: ListCondition, day?: string) => linesOf([['arxiv/cs.CL', condition]], day)[0];
const late = (overdueDay?: string): ListCondition => ({ state: 'stale', today: '2026-11-27', overdueDay });
const quiet = (because: 'weekday' | 'early' | 'none'): ListCondition => ({
  state: 'quiet',
  today: '2026-11-27',
  because,
});

test('names the holiday as the reason that nothing was announced', () => {
  const now = '2026-11-27T15:00:00.000Z';
  const condition = toListCondition({ newestDay: '2026-11-26', failuresInARow: 0 }, arxivCalendar, now);

  expect(lineOf(condition)).toBe('arXiv cs.CL: nothing announced today, US holiday (Thanksgiving).');
  // In Tokyo it is Saturday already.
  expect(lineOf(condition, '2026-11-28')).toBe(
    'arXiv cs.CL: nothing announced on Friday, US holiday (Thanksgiving).',
  );
});

test.each([
  [quiet('weekday'), 'arXiv cs.CL: no new papers on Fridays.'],
  [quiet('early'), 'arXiv cs.CL: no new papers yet today.'],
  [quiet('none'), 'arXiv cs.CL: no new papers today.'],
  [late('2026-11-27'), 'arXiv cs.CL is late today; its papers come with the next digest.'],
  [late('2026-11-25'), 'arXiv cs.CL has been late since Wednesday; its papers come with the next digest.'],
  [
    late('2026-11-12'),
    'arXiv cs.CL has been late since Thursday 12 November; its papers come with the next digest.',
  ],
  [late(), 'arXiv cs.CL: no papers have come yet.'],
  [{ state: 'partial' } as const, 'arXiv cs.CL: only a part could be read, so papers may be missing.'],
  [{ state: 'broken' } as const, 'arXiv cs.CL cannot be read at the moment, so papers may be missing.'],
])('%j', (condition, expected) => {
  expect(lineOf(condition)).toBe(expected);
});

test.each([
  [quiet('weekday'), 'arXiv cs.CL: no new papers on Fridays.'],
  [quiet('early'), 'arXiv cs.CL: Friday’s papers are not due yet.'],
  [quiet('none'), 'arXiv cs.CL: no new papers on Friday.'],
])('on another day of the reader: %j', (condition, expected) => {
  expect(lineOf(condition, '2026-11-26')).toBe(expected);
  expect(lineOf(condition, '2026-11-28')).toBe(expected);
});

test('twelve lists take a short line for those that are up to date, and one line for each other condition', () => {
  const conditions = CATEGORIES.map((list, index) => [list, index < 9 ? FRESH : late('2026-11-27')] as const);

  expect(linesOf([...conditions, ['hf-daily', quiet('early')]])).toEqual([
    'Up to date: arXiv cs.AI, arXiv cs.CL, arXiv cs.CV and 6 more.',
    'Hugging Face Daily Papers: no new papers yet today.',
    'arXiv cs.MA, arXiv cs.NE and arXiv cs.RO are late today; their papers come with the next digest.',
  ]);
  expect(linesOf(CATEGORIES.map((list) => [list, FRESH]))).toEqual([
    'Up to date: arXiv cs.AI, arXiv cs.CL, arXiv cs.CV and 9 more.',
  ]);
});

test('only conditions in which papers may be missing are alarming', () => {
  const conditions = [
    FRESH,
    quiet('none'),
    late('2026-11-27'),
    { state: 'partial' },
    { state: 'broken' },
  ] as const;
  const lines = toConditionLines(
    new Map(conditions.map((condition, index) => [CATEGORIES[index] ?? '', condition])),
    '2026-11-27',
  );

  expect(lines.map(({ isAlarming }) => isAlarming)).toEqual([false, false, true, true, true]);
});
