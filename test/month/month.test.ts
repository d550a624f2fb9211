import { expect, test } from '@jest/globals';
import { isThorough } from '../thorough.ts';
import { MONTH } from './script.ts';
import { simulateMonth } from './simulate-month.ts';

/** The short version ends before the holiday. It has the weekend of the clock change, and each kind of trouble. */
const UNTIL = isThorough ? MONTH.last : '2026-11-06';

test('every list has the right state each hour, every paper arrives once, and arXiv is asked slowly', async () => {
  const result = await simulateMonth(UNTIL);

  expect(result.faults).toEqual([]);
  expect(result.statesChecked).toBeGreaterThan(500);
  expect(result.papersDelivered).toBeGreaterThan(100);
});
