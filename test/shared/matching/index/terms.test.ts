import { expect, test } from '@jest/globals';
import {
  findTerm,
  findTermsFrom,
  hashOfTerm,
  hashTerms,
  listNonAsciiTerms,
  type OpenTerms,
  termTextOf,
  toSlots,
  toSortedTerms,
} from '../../../../shared/matching/index/terms.ts';
import { uniteTerms } from '../../../../shared/matching/index/unite-terms.ts';
import { readTerms, toStoredTerms } from '../../../../shared/snapshots/stored-terms.ts';
import { fc } from '../../../fast-check.ts';

/** Characters of one byte to four. The last two have another order in UTF-16 than in UTF-8. */
const textArb = fc.string({ unit: fc.constantFrom('a', 'b', 'é', 'α', '猫', '\uff21', '𝔽'), maxLength: 6 });
const termsArb = fc
  .uniqueArray(textArb, { maxLength: 30 })
  .map((texts) => [...new Set(['', ...texts])].sort());

function open(texts: readonly string[]): OpenTerms {
  const terms = toSortedTerms(texts);
  const hashes = hashTerms(terms);
  return { ...terms, hashes, slots: toSlots(hashes) };
}

test('terms in any script are found, and so are those with the same beginning', () => {
  fc.assert(
    fc.property(termsArb, textArb, (texts, other) => {
      const index = open(texts);
      for (const word of [...texts.slice(1), other]) {
        const { from, to } = findTerm(index, word, hashOfTerm(word));
        const isTerm = word !== '' && texts.includes(word);
        const begun = findTermsFrom(index, word);

        expect(to - from).toBe(Number(isTerm));
        if (isTerm) expect(termTextOf(index, from)).toBe(word);
        expect(texts.slice(begun.from, begun.to)).toEqual(texts.filter((text) => text.startsWith(word)));
      }
    }),
  );
});

test('the terms that are not ASCII are listed', () => {
  fc.assert(
    fc.property(termsArb, (texts) => {
      const listed = listNonAsciiTerms(open(texts)).map((term) => texts[term]);
      expect(listed).toEqual(texts.filter((text) => /\P{ASCII}/u.test(text)));
    }),
  );
});

test('the terms of several indexes are united', () => {
  fc.assert(
    fc.property(fc.array(termsArb, { maxLength: 4 }), (lists) => {
      const { newTermsOf, ...united } = uniteTerms(lists.map(open));
      const texts = [...new Set(['', ...lists.flat()])].sort();

      expect(united).toEqual({ ...toSortedTerms(texts), hashes: hashTerms(toSortedTerms(texts)) });
      expect(newTermsOf.map((terms) => Array.from(terms, (term) => texts[term]))).toEqual(lists);
    }),
  );
});

test('stored terms are the same terms again', () => {
  fc.assert(
    fc.property(termsArb, (texts) => {
      const sorted = toSortedTerms(texts);
      const { terms, termLengths } = toStoredTerms(sorted);

      expect(terms).toBe(texts.join(''));
      expect(Array.from(termLengths)).toEqual(texts.map(({ length }) => length));
      expect(readTerms(new TextEncoder().encode(terms), termLengths)).toEqual(sorted);
    }),
  );
});
