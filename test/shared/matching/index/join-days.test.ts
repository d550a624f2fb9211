import { expect, test } from '@jest/globals';
import { buildDayIndex } from '../../../../shared/matching/index/day-index.ts';
import { joinSmallDays } from '../../../../shared/matching/index/join-days.ts';
import { openDay } from '../../../../shared/matching/index/open-day.ts';
import type { WindowDay } from '../../../../shared/matching/index/word-papers.ts';
import { createPaper } from '../../../factories/papers.ts';
import { fc } from '../../../fast-check.ts';

const textArb = fc
  .array(fc.constantFrom('multi-modal', 'model', '猫', 'C++', 'Zoë', '𝒞 4.1', 'a'), { maxLength: 5 })
  .map((words) => words.join(' '));

let nextNumber = 0;

function createDay(titles: readonly string[]): WindowDay {
  const papers = titles.map((title) => createPaper({ title, authors: ['Ada M. Example'] }));
  nextNumber += titles.length;
  return {
    index: openDay(buildDayIndex(papers)),
    numbers: Int32Array.from(titles, (_, at) => nextNumber - titles.length + at),
  };
}

/** Returns a day with `count` papers and an index without words. */
function createDayOf(paperCount: number): WindowDay {
  return { ...createDay(['One']), numbers: new Int32Array(paperCount) };
}

test('joined days have the index of all their papers', () => {
  fc.assert(
    fc.property(fc.array(fc.array(textArb, { maxLength: 4 }), { minLength: 1, maxLength: 5 }), (titles) => {
      const days = titles.map(createDay);

      const joined = joinSmallDays(days);

      for (const { index } of joined) index.prepare();
      const whole = createDay(titles.flat()).index;
      whole.prepare();
      expect(joined.map(({ index }) => index)).toEqual([whole]);
      expect([...(joined[0]?.numbers ?? [])]).toEqual(days.flatMap(({ numbers }) => [...numbers]));
    }),
  );
});

test('a large day stays as it is, and days beside it are joined to each other', () => {
  const large = createDayOf(501);
  const days = [createDayOf(400), createDayOf(100), large, createDayOf(500), createDayOf(1)];

  const joined = joinSmallDays(days);

  expect(joined.map(({ numbers }) => numbers.length)).toEqual([500, 501, 501]);
  expect(joined[1]).toBe(large);
});

test('joined days have a limited number of papers', () => {
  const joined = joinSmallDays([...Array.from({ length: 5 }, () => createDayOf(500)), createDayOf(10)]);

  expect(joined.map(({ numbers }) => numbers.length)).toEqual([2_000, 510]);
});

test('days are joined again only if one of them changed', () => {
  const old = [createDayOf(500), createDayOf(500), createDayOf(500), createDayOf(500)];
  const recent = [createDay(['Old']), createDay(['New'])];

  const before = joinSmallDays([...old, ...recent]);
  const after = joinSmallDays([...old, ...recent, createDay(['Newest'])]);

  expect(after[0]?.index).toBe(before[0]?.index);
  expect(after[1]?.index).not.toBe(before[1]?.index);
  expect(joinSmallDays([...old, ...recent])[1]?.numbers).toEqual(before[1]?.numbers);
});
