import { expect, test } from '@jest/globals';
import {
  buildDayIndex,
  type DayIndex,
  fieldOf,
  isJoined,
  TERM_SHIFT,
} from '../../../../shared/matching/index/day-index.ts';
import { joinSmallDays } from '../../../../shared/matching/index/join-days.ts';
import { fieldAt, isJoinedAt, openDay, paperAt, termAt } from '../../../../shared/matching/index/open-day.ts';
import { createPaper } from '../../../factories/papers.ts';
import { fc } from '../../../fast-check.ts';
import { oddPaperArb } from '../arbitraries.ts';

/** More words than there are codes. Those that occur once are rare. */
const manyWords = Array.from(
  { length: 40_000 },
  (_, nth) => `word${nth}${nth < 20_000 ? ` word${nth}` : ''}`,
);
const manyPapers = [0, 1, 2, 3].map((part) =>
  createPaper({ title: 'Rare', abstract: manyWords.filter((_, nth) => nth % 4 === part).join(' ') }),
);

/** Expects that an open index says of each place what the index has there, and that a term has the places where it is. */
function expectSameWords(index: DayIndex): void {
  const day = openDay(index);
  const positionsOf = new Map<number, number[]>();
  let paper = 0;
  for (const [position, word] of index.words.entries()) {
    while (position >= (index.paperEnds[paper] ?? 0)) paper += 1;
    const term = word >>> TERM_SHIFT;
    const found = [termAt(day, position), isJoinedAt(day, position), paperAt(day, position)];
    if (found.join() !== [term, isJoined(word), paper].join())
      throw new Error(`the word at ${position} is ${found}`);
    if (word === 0) continue;
    if (fieldAt(day, position) !== fieldOf(word))
      throw new Error(`the word at ${position} is in another field`);
    positionsOf.set(term, [...(positionsOf.get(term) ?? []), position]);
  }
  for (const [term, positions] of positionsOf) {
    const postings = day.postings.subarray(day.postingEnds[term - 1] ?? 0, day.postingEnds[term]);
    const found = Array.from(postings, (posting) => posting >>> day.positionShift);
    if (found.join() !== positions.join()) throw new Error(`the term ${term} is at ${found}`);
  }
}

test('an open index has the words of the index', () => {
  fc.assert(
    fc.property(fc.array(oddPaperArb, { maxLength: 6 }), (papers) => expectSameWords(buildDayIndex(papers))),
  );
});

test('words without a code of their own are known as well', () => {
  const index = buildDayIndex(manyPapers);

  expect(openDay(index).rarePositions.length).toBeGreaterThan(5_000);
  expectSameWords(index);
});

test.each([
  ['few words', fc.sample(oddPaperArb, { numRuns: 12, seed: 1 })],
  ['more words than codes', manyPapers],
])('joined days with %s are one index of their papers', (_, papers) => {
  const days = papers.map((paper) => ({
    index: openDay(buildDayIndex([paper])),
    numbers: Int32Array.of(0),
  }));
  const [joined] = joinSmallDays(days);
  const expected = openDay(buildDayIndex(papers));

  expect(joined?.index).toEqual(expected);
  expect(joined?.index.postings).toEqual(expected.postings);
  expect(joined?.index.slots).toEqual(expected.slots);
});
