import { expect, test } from '@jest/globals';
import { parseSeeds } from './parse-seeds.ts';

test('seeds are one number, or a range from the first to the last', () => {
  expect(parseSeeds('7')).toEqual([7]);
  expect(parseSeeds('1..4')).toEqual([1, 2, 3, 4]);
});

test.each(['', '4..1', '1-4', 'x', '1..'])('%p is refused with what is expected', (text) => {
  expect(() => parseSeeds(text)).toThrow('expected a seed like 7, or the first and the last like 1..2000');
});

test('too many seeds are refused', () => {
  expect(() => parseSeeds('1..999999999')).toThrow('expected 100000 seeds at most');
});
