import { expect, test } from '@jest/globals';
import { createMuteTest } from '../../../shared/matching/mute-test.ts';

const paper = { id: '2601.00001', authors: ['Kaiming He', 'Élodie Martin'] };

test.each([
  ['the paper', { mutedPapers: ['2601.00001'] }, true],
  ['another paper', { mutedPapers: ['2601.00002'] }, false],
  ['one of its authors', { mutedAuthors: ['Kaiming He'] }, true],
  ['an author without accents', { mutedAuthors: ['Elodie Martin'] }, true],
  ['an author with another space', { mutedAuthors: ['Kaiming\u00a0He'] }, true],
  ['an author with an initial', { mutedAuthors: ['K. He'] }, true],
  ['another author', { mutedAuthors: ['Ross Girshick'] }, false],
])('matches the papers of a reader who muted %s', (_, muted, expected) => {
  expect(createMuteTest(muted)?.(paper)).toBe(expected);
});

test('is undefined for a reader who muted nothing', () => {
  expect(createMuteTest({})).toBeUndefined();
  expect(createMuteTest({ mutedPapers: [], mutedAuthors: [] })).toBeUndefined();
});
