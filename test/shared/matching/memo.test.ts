import { expect, test } from '@jest/globals';
import { createMemo } from '../../../shared/matching/memo.ts';

test('a memo forgets what was not asked for lately, and never exceeds its memory', () => {
  const memo = createMemo<string, { readonly key: string }>(10_000, (_, key) => key.length);
  const kept = memo.recall('kept', () => ({ key: 'kept' }));
  const keys = Array.from({ length: 1_000 }, (_, n) => `${n}`.padStart(50, '0'));
  for (const key of keys) {
    memo.recall(key, () => ({ key }));
    memo.recall('kept', () => ({ key: 'again' }));
  }

  expect(memo.find('kept')).toBe(kept);
  expect(memo.find(keys.at(-1) ?? '')).toEqual({ key: keys.at(-1) });
  const remembered = keys.filter((key) => memo.find(key));
  expect(remembered.length).toBeGreaterThan(10);
  expect(remembered.length * 250).toBeLessThanOrEqual(10_000);
});
