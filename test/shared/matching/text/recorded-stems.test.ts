import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { findMerged, findPlurals, judgePair } from '../../../../bench/stems/judge-pair.ts';
import { readCranfield, readPapers, readWords } from '../../../../bench/stems/recorded-words.ts';
import { toSingular } from '../../../../shared/matching/text/singular.ts';

// Recorded texts of others. They are never part of the repository. This test runs only if a copy lies beside it.
const folder = fileURLToPath(new URL('../../../../../shared/recordings', import.meta.url));
const words = new Set([...(await readPapers(folder)), await readCranfield(folder)].flatMap(readWords));

if (words.size === 0) {
  process.stdout.write(`No recorded papers at ${folder}: their stems are not judged\n`);
  test.skip(`stems of recorded words: there are none at ${folder}`, () => undefined);
} else {
  test('words of recorded papers have one stem only if they differ in number', () => {
    const merged = findMerged(words, toSingular);
    expect(merged.length).toBeGreaterThan(1_500);
    expect(merged.filter((pair) => judgePair(pair) === false)).toEqual([]);
  });

  test('a plural of recorded papers has the stem of its singular, but for some abbreviations', () => {
    const plurals = findPlurals(words);
    const missed = plurals.filter(([singular, plural]) => toSingular(singular) !== toSingular(plural));
    expect(missed.length).toBeLessThan(plurals.length / 200);
    expect(missed.filter((pair) => pair.join('').length > 7)).toEqual([]);
  });
}
