import { expect, test } from '@jest/globals';
import type { Paper } from '../../../../shared/domain/papers/paper.ts';
import { buildDayIndex } from '../../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../../shared/matching/index/open-day.ts';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { openCorpus } from '../../../../shared/matching/search/corpus.ts';
import { SearchCursorError } from '../../../../shared/matching/search/cursor.ts';
import { type CorpusRequest, searchCorpus } from '../../../../shared/matching/search/search.ts';
import { toSearchPart } from '../../../../shared/matching/search/search-part.ts';
import { findSimilar } from '../../../../shared/matching/search/similar.ts';
import { createPaper } from '../../../factories/papers.ts';

const toPart = (list: string, day: string, papers: readonly Paper[]) =>
  toSearchPart({ list, day, papers, index: openDay(buildDayIndex(papers)) });

const idOf = (nth: number) => `2601.${String(nth).padStart(5, '0')}`;

/** A paper with nothing but what the test names. */
const paperOf = (nth: number, facts: Partial<Paper>) =>
  createPaper({ id: idOf(nth), title: 'Untitled', abstract: '', authors: [], aiKeywords: [], ...facts });

const corpus = openCorpus([
  toPart('hf-daily', '2025-12-30', [
    paperOf(1, { title: 'Residual streams', organisation: 'Example Lab', upvotes: 1 }),
    paperOf(2, { abstract: 'The residual stream of a transformer.', upvotes: 1, authors: ['Ada Example'] }),
    paperOf(3, { title: 'An old title', abstract: 'Noise.' }),
  ]),
  toPart('arxiv/cs.CL', '2026-01-05', [
    paperOf(3, { title: 'A new title', abstract: 'Residual noise.', repositoryUrl: 'https://example.org/' }),
    paperOf(4, { abstract: 'A transformer with a residual connection.', organisation: 'Example Lab' }),
  ]),
]);

const search = (text: string, request: Partial<CorpusRequest> = {}) =>
  searchCorpus(corpus, { query: parseQuery(text), sort: 'relevance', limit: 10, ...request });
const idsOf = (text: string, request?: Partial<CorpusRequest>) =>
  search(text, request).hits.map(({ id }) => id);

test('a word in the title counts more than one in the abstract', () => {
  expect(idsOf('residual "stream"')).toEqual([idOf(1), idOf(2)]);
});

test('a paper of two parts counts once, with the newest text and the lists of both', () => {
  expect(idsOf('title:old')).toEqual([]);
  expect(search('title:new').hits).toMatchObject([
    { id: idOf(3), lists: ['hf-daily', 'arxiv/cs.CL'], listedOn: '2026-01-05' },
  ]);
});

test('a plain word is also found in the authors and the organisation, and the reason says so', () => {
  const { hits } = search('Ada');

  expect(hits).toMatchObject([{ id: idOf(2), reasons: [{ condition: { kind: 'author', text: 'Ada' } }] }]);
  expect(search('Lab').hits[0]?.reasons).toMatchObject([{ condition: { text: 'Lab' }, field: 'org' }]);
});

test('papers with some of the words follow if too few have all', () => {
  const answer = search('transformer connection stream');

  expect(answer.totalWithAll).toBe(0);
  expect(answer.hits.map(({ id }) => id)).toEqual([idOf(4), idOf(2)]);
  expect(answer.total).toBe(2);
});

test('a word that no paper has does not hide the others', () => {
  const { hits, totalWithAll } = search('Noise unwritten');

  expect(totalWithAll).toBe(0);
  expect(hits.map(({ id }) => id)).toEqual([idOf(3)]);
});

test('phrases, fields and negations are never relaxed', () => {
  expect(search('"transformer connection" title:streams')).toMatchObject({ hits: [], total: 0 });
  expect(idsOf('residual -transformer', { sort: 'votes' })).toEqual([idOf(3), idOf(1)]);
});

test('a phrase whose last word is a beginning finds the papers of every word that begins like it', () => {
  const titles = ['A new model', 'New and new, and new again', 'A new modal', 'Modal, but new', 'New mode'];
  const begun = openCorpus([
    toPart(
      'hf-daily',
      '2026-01-05',
      titles.map((title, at) => paperOf(at + 1, { title })),
    ),
  ]);
  const { hits } = searchCorpus(begun, { query: parseQuery('"new mod*"'), sort: 'relevance', limit: 10 });

  expect(hits.map(({ id }) => id).sort()).toEqual([idOf(1), idOf(3), idOf(5)]);
});

test('sorts by votes and by day', () => {
  expect(idsOf('residual', { sort: 'votes' })).toEqual([idOf(4), idOf(3), idOf(2), idOf(1)]);
  expect(idsOf('residual', { sort: 'date' })).toEqual([idOf(4), idOf(3), idOf(2), idOf(1)]);
});

test('takes only papers that one of the lists had on one of the days', () => {
  const days = { first: '2026-01-01', last: '2026-01-31' };

  expect(idsOf('', { days, sort: 'date' })).toEqual([idOf(4), idOf(3)]);
  expect(idsOf('', { days, lists: ['hf-daily'] })).toEqual([]);
});

test('counts facets over all results, not only those of the page', () => {
  expect(search('residual', { limit: 1, withFacets: true }).facets).toEqual({
    lists: [
      { value: 'hf-daily', count: 3 },
      { value: 'arxiv/cs.CL', count: 2 },
    ],
    organisations: [{ value: 'Example Lab', count: 2 }],
    months: [
      { value: '2026-01', count: 2 },
      { value: '2025-12', count: 2 },
    ],
    withCode: 1,
    withProject: 0,
  });
});

test('facets have the most frequent organisations, the largest count first and then by name', () => {
  // Lab 0 has one paper, lab 1 two, and so on. The last labs come first, and those of 50 on have as many as lab 49.
  const labs = Array.from({ length: 60 }, (_, lab) => ({
    value: `Lab ${String(lab).padStart(2, '0')}`,
    count: Math.min(lab, 49) + 1,
  }));
  const papers = [...labs].reverse().flatMap(({ value, count }) => new Array<string>(count).fill(value));
  const many = openCorpus([
    toPart(
      'hf-daily',
      '2026-01-05',
      papers.map((organisation, nth) => paperOf(nth, { organisation })),
    ),
  ]);

  const { facets } = searchCorpus(many, { query: parseQuery(''), sort: 'date', limit: 1, withFacets: true });

  expect(facets?.organisations).toEqual([...labs.slice(49), ...labs.slice(40, 49).reverse()]);
});

test('refuses a cursor of another request, and what is no cursor', () => {
  const { next = '' } = search('residual', { limit: 1 });

  expect(idsOf('residual', { cursor: next })).toHaveLength(3);
  for (const cursor of ['', 'x', '%', 'W10', `${next}A`])
    expect(() => search('residual', { cursor })).toThrow(SearchCursorError);
  expect(() => search('stream', { cursor: next })).toThrow(SearchCursorError);
  expect(() => search('residual', { cursor: next, sort: 'votes' })).toThrow(SearchCursorError);
});

test('papers with the same words are similar, those with rare words more so', () => {
  expect([...findSimilar(corpus, idOf(2), 5)].sort()).toEqual([idOf(1), idOf(3), idOf(4)]);
  expect(findSimilar(corpus, idOf(2), 5).at(-1)).toBe(idOf(3));
  expect(findSimilar(corpus, idOf(2), 1)).toHaveLength(1);
  expect(findSimilar(corpus, '2601.99999', 5)).toEqual([]);
});

test('a corpus without papers is searched like any other', () => {
  const empty = openCorpus([]);
  const request = {
    query: parseQuery('residual -"a b" author:He'),
    sort: 'relevance',
    limit: 3,
    facets: true,
  } as const;

  expect(searchCorpus(empty, request)).toMatchObject({ hits: [], total: 0, totalWithAll: 0 });
});

test('long queries of words that every paper has are answered', () => {
  const words = 'the residual stream of a transformer'.split(' ');
  const many = Array.from({ length: 40 }, (_, nth) => words[nth % words.length] ?? '');

  expect(idsOf(many.join(' OR '))).toHaveLength(4);
  expect(idsOf(many.join(' '))[0]).toBe(idOf(2));
  expect(idsOf(`${'x'.repeat(490)}*`)).toEqual([]);
});
