import { expect, test } from '@jest/globals';
import { createMemo, createMemoSpace } from '../../../shared/matching/memo.ts';

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

test('a value that grows takes the room of others', () => {
  const space = createMemoSpace(10_000);
  const memo = space.createMemo<string, { bytes: number }>(({ bytes }) => bytes);
  const first = memo.recall('first', () => ({ bytes: 0 }));
  const second = memo.recall('second', () => ({ bytes: 0 }));
  second.bytes = 6_000;
  space.grow(second.bytes);
  expect([memo.find('first'), memo.find('second')]).toEqual([first, second]);

  memo.recall('second', () => ({ bytes: 0 }));
  expect([memo.find('first'), memo.find('second')]).toEqual([undefined, second]);
});

test('memos that share a space forget together, and an unused memo ends up empty', () => {
  const space = createMemoSpace(10_000);
  const bytesOf = () => 50;
  const [idle, busy] = [
    space.createMemo<string, { readonly key: string }>(bytesOf),
    space.createMemo<string, { readonly key: string }>(bytesOf),
  ];
  const keys = Array.from({ length: 1_000 }, (_, n) => `${n}`);
  for (const key of keys.slice(0, 10)) idle.recall(key, () => ({ key: `idle ${key}` }));
  const before = idle.find('9');
  const same = busy.recall('9', () => ({ key: 'busy 9' }));
  for (const key of keys) busy.recall(key, () => ({ key: `busy ${key}` }));

  expect([before, same]).toEqual([{ key: 'idle 9' }, { key: 'busy 9' }]);
  expect(keys.filter((key) => idle.find(key))).toEqual([]);
  const remembered = keys.filter((key) => busy.find(key));
  expect(remembered.length).toBeGreaterThan(10);
  expect(remembered.length * 250).toBeLessThanOrEqual(10_000);
});

test('a space whose limit is raised remembers more, and a lower limit has no effect', () => {
  const space = createMemoSpace(10_000);
  const memo = space.createMemo<number, object>(() => 800);
  const remembered = () => {
    for (let key = 0; key < 100; key += 1) memo.recall(key, () => ({}));
    return Array.from({ length: 100 }, (_, key) => memo.find(key)).filter(Boolean).length;
  };
  expect(remembered()).toBeLessThanOrEqual(10);

  space.raise(50_000);
  space.raise(20_000);

  expect(remembered()).toBeGreaterThan(20);
});
