import { expect, test } from '@jest/globals';
import {
  buildDayIndex,
  fieldOf,
  indexedFields,
  isJoined,
  TERM_SHIFT,
} from '../../../../shared/matching/index/day-index.ts';
import { openDay, paperAt, termAt } from '../../../../shared/matching/index/open-day.ts';
import { findTerm, findTermsFrom, hashOfTerm, termTextOf } from '../../../../shared/matching/index/terms.ts';
import { createPaper } from '../../../factories/papers.ts';

const index = buildDayIndex([
  createPaper({
    title: 'Multi-modal models',
    abstract: '',
    aiKeywords: ['k-NN', 'naïve rule'],
    authors: ['Ada Example'],
    organisation: 'A Lab',
  }),
  createPaper({ title: 'Modes', abstract: 'A mode.', aiKeywords: [], authors: [] }),
]);
const day = openDay(index);

test('has the words of every paper in reading order, with their fields', () => {
  const words = [...index.words].map((word) =>
    word === 0
      ? '|'
      : `${indexedFields[fieldOf(word)]?.[0]}:${termTextOf(index, word >>> TERM_SHIFT)}${isJoined(word) ? '-' : ''}`,
  );

  expect(words.slice(0, index.paperEnds[0]).join(' ')).toBe(
    't:multi- t:modal t:model | | k:k- k:nn | k:naive k:rule | o:a o:lab | a:ada- a:example- a:adaexample |',
  );
  expect(words.slice(index.paperEnds[0]).join(' ')).toBe('t:mode | a:a a:mode | | |');
});

test('has its terms in order, the empty one first', () => {
  const terms = [...index.termEnds.keys()].map((term) => termTextOf(index, term));

  expect(terms).toEqual([...terms].sort());
  expect(terms.slice(0, 3)).toEqual(['', 'a', 'ada']);
});

test('holds nothing but typed arrays', () => {
  const values = Object.values(index).map((value) => value.constructor.name);

  expect(values.sort()).toEqual(['Uint32Array', 'Uint32Array', 'Uint32Array', 'Uint8Array']);
});

test('finds every term by its text, and no other', () => {
  for (const term of index.termEnds.keys()) {
    if (term === 0) continue;
    const text = termTextOf(index, term);
    expect(findTerm(day, text, hashOfTerm(text))).toEqual({ from: term, to: term + 1 });
  }
  for (const absent of ['models', 'mod', 'zebra', '', 'aa'])
    expect(findTerm(day, absent, hashOfTerm(absent))).toEqual({ from: 0, to: 0 });
});

test.each([
  ['mod', ['modal', 'mode', 'model']],
  ['mode', ['mode', 'model']],
  ['modes', []],
  ['z', []],
])('finds the terms that start with %s', (prefix, expected) => {
  const { from, to } = findTermsFrom(day, prefix);

  expect(Array.from({ length: to - from }, (_, n) => termTextOf(day, from + n))).toEqual(expected);
});

test('knows the positions of each term, and the paper of each position', () => {
  const { from } = findTerm(day, 'mode', hashOfTerm('mode'));
  const postings = [...day.postings.slice(day.postingEnds[from - 1], day.postingEnds[from])];
  const positions = postings.map((posting) => posting >>> day.positionShift);

  expect(positions.map((position) => termAt(day, position))).toEqual([from, from]);
  expect(positions.map((position) => paperAt(day, position))).toEqual([1, 1]);
});

test('an index without papers is searched like any other', () => {
  const empty = openDay(buildDayIndex([]));

  expect(findTerm(empty, 'a', hashOfTerm('a'))).toEqual({ from: 0, to: 0 });
  expect(findTermsFrom(empty, 'a')).toEqual({ from: 1, to: 1 });
});
