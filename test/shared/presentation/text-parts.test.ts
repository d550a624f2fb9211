import { expect, test } from '@jest/globals';
import { parseQuery } from '../../../shared/matching/query/parse-query.ts';
import type { TextCondition } from '../../../shared/matching/query/query.ts';
import { toTextParts } from '../../../shared/presentation/text-parts.ts';
import { fc } from '../../fast-check.ts';

function wordsOf(query: string): readonly TextCondition[] {
  const node = parseQuery(query);
  const parts = node.kind === 'and' ? node.parts : [node];
  return parts.filter((part) => part.kind === 'text');
}

test('a text is split at the words that a query finds', () => {
  expect(toTextParts('The Residual Streams of MLPs', wordsOf('"residual stream" mlp'))).toEqual([
    { text: 'The ', isFound: false },
    { text: 'Residual Streams', isFound: true },
    { text: ' of ', isFound: false },
    { text: 'MLPs', isFound: true },
  ]);
  expect(toTextParts('Agents', [])).toEqual([{ text: 'Agents', isFound: false }]);
  expect(toTextParts('', wordsOf('mlp'))).toEqual([]);
});

test('the parts of any text give the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('a b', 'x*', '"a b" c'), (text, query) => {
      const spaced = `a ${text} b`;
      const parts = toTextParts(spaced, wordsOf(query));
      expect(parts.map((part) => part.text).join('')).toBe(spaced);
    }),
  );
});
