import { describe, expect, test } from '@jest/globals';
import type { Paper } from '../../../../shared/domain/papers/paper.ts';
import { editDistance } from '../../../../shared/domain/text/nearest-name.ts';
import { buildDayIndex } from '../../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../../shared/matching/index/open-day.ts';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { openCorpus } from '../../../../shared/matching/search/corpus.ts';
import { toRoot } from '../../../../shared/matching/search/rerank.ts';
import { toBoost } from '../../../../shared/matching/search/score.ts';
import { searchCorpus } from '../../../../shared/matching/search/search.ts';
import { toSearchPart } from '../../../../shared/matching/search/search-part.ts';
import { createPaper } from '../../../factories/papers.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';

const open = (texts: readonly (Partial<Paper> | string)[]) => {
  const papers = texts.map((text, at) =>
    createPaper({
      id: `2601.${String(at + 1).padStart(5, '0')}`,
      abstract: '',
      aiKeywords: [],
      authors: [],
      ...(typeof text === 'string' ? { title: text } : text),
    }),
  );
  const index = openDay(buildDayIndex(papers));
  return openCorpus([toSearchPart({ list: 'hf-daily', day: '2026-01-05', papers, index })]);
};

const search = (texts: readonly (Partial<Paper> | string)[], query: string, isVerbatim = false) => {
  const answer = searchCorpus(open(texts), {
    query: parseQuery(query),
    sort: 'relevance',
    limit: 100,
    isVerbatim,
  });
  return { ...answer, found: answer.hits.map(({ id }) => Number(id.slice(5))) };
};

describe('order', () => {
  test('words that are neighbours in the query and in a paper count more', () => {
    expect(search(['Language of a large model', 'A large language model'], 'large language').found).toEqual([
      2, 1,
    ]);
  });

  test('a word with the same root counts, but less, and finds no paper by itself', () => {
    const others = Array.from({ length: 10 }, () => 'Something else');
    const texts = ['Planning neural graph', 'Planned neural graph', 'Another neural graph', ...others];

    expect(search(texts, 'planning neural graph').found).toEqual([1, 2, 3]);
    expect(search(texts, 'planning').found).toEqual([1]);
  });

  test('of papers with some words, those that are like the best ones come first', () => {
    const texts = [
      'Wing flutter in supersonic slipstream flow',
      'Wing flutter in supersonic slipstream',
      'Wing of a butterfly and other insects',
      'Wing in supersonic slipstream flow',
    ];
    const { found, total, totalWithAll } = search(texts, 'wing flutter aeroelastic flow');

    expect(totalWithAll).toBeLessThan(total);
    expect(found.indexOf(4)).toBeLessThan(found.indexOf(3) === -1 ? Infinity : found.indexOf(3));
    expect(found[0]).toBe(1);
  });

  test('votes and age are worth less than a word in a title', () => {
    const [best, worst] = [
      toBoost({ upvotes: 10_000, ageDays: 0 }),
      toBoost({ upvotes: 0, ageDays: 10_000 }),
    ];
    expect(best - worst).toBeGreaterThan(0);
    expect(best - worst).toBeLessThan(0.3);
    expect(toBoost({ upvotes: 3, ageDays: 1 })).toBeGreaterThan(toBoost({ upvotes: 2, ageDays: 1 }));
    expect(toBoost({ upvotes: 3, ageDays: 1 })).toBeGreaterThan(toBoost({ upvotes: 3, ageDays: 2 }));
  });
});

describe('correction', () => {
  const TEXTS = [
    'Diffusion transformers',
    'A transformer',
    'Transformer circuits',
    'Diffusion',
    'GPT-4x and MMLU',
  ];

  test.each([
    ['transfomer', 'transformer'],
    ['transformr diffusion', 'transformer diffusion'],
    ['trasnformers', 'transformer'],
    ['transfromar', 'transformer'],
    ['has:code OR x -difusion', undefined],
    ['diffusion transformer', undefined],
    ['"difusion transfomer"', undefined],
    ['title:transfomer', undefined],
    ['transfomer*', undefined],
    ['MMLT', undefined],
    ['GPT-4y', undefined],
    ['circuts', undefined],
    // Another word, and no slip in one of these.
    ['bransformer', undefined],
    ['transit', undefined],
  ])('%s becomes %s', (query, corrected) => {
    expect(search(TEXTS, query).corrected).toBe(corrected);
    expect(search(TEXTS, query, true).corrected).toBeUndefined();
  });

  test.each([
    ['multi modal', 'multimodal'],
    ['survey of multi modal agents', 'survey of multimodal agents'],
    ['multi model', undefined],
    ['modal', undefined],
    ['modle', 'model'],
  ])('%s becomes %s, because two words may be one, and a short word is seldom a slip', (query, corrected) => {
    const texts = ['Multimodal agents', 'A survey of multimodal agents', 'A model', 'Model', 'Multi agent'];
    expect(search(texts, query).corrected).toBe(corrected);
  });

  test('a word of more letters than a word has is not corrected, because others like it are too many to try', () => {
    const longest = 'x'.repeat(40);
    const texts = [longest, `${longest} again`];
    expect(search(texts, longest.slice(1)).corrected).toBe(longest);
    expect(search([`${longest}x`, `${longest}x again`], `${longest}xx`).corrected).toBeUndefined();
  });

  test('the results are those of the corrected query', () => {
    expect(search(TEXTS, 'transfomer').found).toEqual(search(TEXTS, 'transformer').found);
    expect(search(TEXTS, 'transfomer', true).found).toEqual([]);
  });

  test('a word that papers have is never corrected, and one slip in another is', () => {
    const words = ['retrieval', 'attention', 'benchmark', 'reasoning', 'segmentation'];
    const texts = words.flatMap((word) => [`${word} one`, `${word} two`]);
    const corpus = open(texts);
    fc.assert(
      fc.property(
        fc.constantFrom(...words),
        fc.nat(100),
        fc.constantFrom('swap', 'drop', 'double'),
        (word, n, slip) => {
          const at = 1 + (n % (word.length - 2));
          const [a = '', b = ''] = word.slice(at);
          const rest = word.slice(at + 2);
          const typed = word.slice(0, at) + { swap: b + a, drop: b, double: a + a + b }[slip] + rest;
          const answer = searchCorpus(corpus, { query: parseQuery(typed), sort: 'relevance', limit: 10 });

          expect(answer.corrected).toBe(typed === word ? undefined : word);
          expect(editDistance(word, typed)).toBe(typed === word ? 0 : 1);
          expect(editDistance(typed, word)).toBe(editDistance(word, typed));
        },
      ),
      { numRuns: runs(50, 1_000) },
    );
  });
});

describe('roots', () => {
  test.each([
    ['training', 'trained'],
    ['viscous', 'viscosity'],
    ['conduction', 'conductivity'],
    ['planning', 'planned'],
  ])('%s and %s have one', (one, other) => {
    expect(toRoot(one)).toBe(toRoot(other));
  });

  test('a root is a beginning of its word, and short words and words with digits have none', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
        expect(word.startsWith(toRoot(word))).toBe(true);
        expect(toRoot(word).length).toBeGreaterThanOrEqual(Math.min(4, word.length));
      }),
    );
    expect(['ring', 'gpt4ing'].map(toRoot)).toEqual(['ring', 'gpt4ing']);
  });
});
