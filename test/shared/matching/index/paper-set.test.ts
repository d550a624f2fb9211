import { expect, test } from '@jest/globals';
import {
  addShares,
  addToEach,
  countShared,
  fromNumbers,
  intersect,
  listIn,
  toList,
} from '../../../../shared/matching/index/paper-set.ts';
import { fc } from '../../../fast-check.ts';

const PAPERS = 200;

/** Some sets are small enough for a list, and others have bits. */
const papersArb = fc.oneof(
  fc.uniqueArray(fc.nat(PAPERS - 1), { maxLength: 6 }),
  fc.uniqueArray(fc.nat(PAPERS - 1), { minLength: 40, maxLength: 150, size: 'max' }),
);
const inOrder = (papers: readonly number[]) => [...papers].sort((a, b) => a - b);

test('a set counts the papers that it shares with another one', () => {
  fc.assert(
    fc.property(papersArb, papersArb, (ones, others) => {
      const [a, b] = [fromNumbers(ones, PAPERS), fromNumbers(others, PAPERS)];
      const shared = inOrder(ones.filter((paper) => others.includes(paper)));

      expect(toList(intersect(a, b))).toEqual(shared);
      expect(countShared(a, b)).toBe(shared.length);
    }),
  );
});

test('a number is added to the papers of a set alone', () => {
  fc.assert(
    fc.property(papersArb, (papers) => {
      const set = fromNumbers(papers, PAPERS);
      const values = Float64Array.from({ length: PAPERS }, (_, paper) => paper);

      expect([...listIn(new Uint32Array(PAPERS), set)]).toEqual(inOrder(papers));

      addToEach(set, 0.5, values);

      expect([...values].filter((value) => !Number.isInteger(value))).toEqual(
        inOrder(papers).map((paper) => paper + 0.5),
      );
    }),
  );
});

test('each paper of a set gets its own share of a weight', () => {
  fc.assert(
    fc.property(papersArb, (papers) => {
      const set = fromNumbers(papers, PAPERS);
      const values = new Float64Array(PAPERS).fill(1);

      addShares(set, 4, Uint16Array.from(inOrder(papers)), PAPERS, values);

      const expected = [...values.keys()].map((paper) =>
        papers.includes(paper) ? 1 + 4 * (paper / PAPERS) : 1,
      );
      expect([...values]).toEqual(expected);
    }),
  );
});
