import { describe, expect, test } from '@jest/globals';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { parseQueryCached, tryParseQueryCached } from '../../../shared/matching/query/parse-query-cached.ts';
import { QueryError } from '../../../shared/matching/query/query.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { createPaper } from '../../factories/papers.ts';
import { fc } from '../../fast-check.ts';

const PAPERS = [
  createPaper({
    id: '2601.00001',
    title: 'Residual Streams in Vision-Language Models',
    abstract: 'We read the residual stream of a transformer.',
    aiKeywords: ['interpretability'],
  }),
  createPaper({
    id: '2601.00002',
    title: 'Queries for Müller Cells',
    abstract: 'A stream that is residual in no way.',
    aiKeywords: [],
  }),
];

const LIST = 'hf-daily';

function openPapers(...days: readonly (readonly Paper[])[]) {
  return openWindow(days.map((papers) => ({ list: LIST, papers, index: openDay(buildDayIndex(papers)) })));
}

function find(query: string, papers: readonly Paper[] = PAPERS): readonly string[] {
  const { matches } = openPapers(papers).select({ query: parseQueryCached(query), lists: [LIST], limit: 99 });
  return matches.map(({ paper }) => paper.id).sort();
}

describe('a query', () => {
  test.each([
    ['', ['2601.00001', '2601.00002']],
    ['residual', ['2601.00001', '2601.00002']],
    ['RESIDUAL stream', ['2601.00001', '2601.00002']],
    ['"residual stream"', ['2601.00001']],
    ['"residual streams" AND transformers', ['2601.00001']],
    ['residual -"residual stream"', ['2601.00002']],
    ['transformer OR cell', ['2601.00001', '2601.00002']],
    ['“residual stream”', ['2601.00001']],
    ['"not here"', []],
    ['vision', ['2601.00001']],
    ['"vision language model"', ['2601.00001']],
    ['visionlanguage', ['2601.00001']],
    ['muller', ['2601.00002']],
    ['title:stream', ['2601.00001']],
    ['interpret*', ['2601.00001']],
    ['stream mlp', []],
    ['resid', []],
    ['"stream residual"', []],
    ['id:2601.00002', ['2601.00002']],
  ])('%s', (query, expected) => {
    expect(find(query)).toEqual(expected);
  });

  test('does not find a phrase across two parts of a paper, or two keywords', () => {
    const paper = createPaper({
      title: 'Ends in residual',
      abstract: 'stream begins.',
      aiKeywords: ['mlp', 'layer'],
    });

    expect(find('"residual stream"', [paper])).toEqual([]);
    expect(find('"mlp layer"', [paper])).toEqual([]);
  });

  test('finds every paper by consecutive words of its title', () => {
    const words = fc.array(fc.constantFrom('model', 'Vision', 'naïve', 'bias', 'GPT-4', 'queries', 'of'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (title, from, length) => {
        const start = from % title.length;
        const run = title.slice(start, start + 1 + (length % (title.length - start)));
        const paper = createPaper({ title: title.join(' ') });

        expect(find(`"${run.join(' ')}"`, [paper])).toHaveLength(1);
        expect(find(run.join(' AND '), [paper])).toHaveLength(1);
      }),
    );
  });
});

describe('a window', () => {
  test('says which term was found in which field of the paper', () => {
    const query = parseQueryCached('"residual streams" transformer interpretability -cells');
    const { matches } = openPapers(PAPERS).select({ query, lists: [LIST], limit: 9 });

    expect(
      matches[0]?.reasons.map(({ condition, field }) => [condition.kind === 'text' && condition.text, field]),
    ).toEqual([
      ['residual streams', 'title'],
      ['transformer', 'abstract'],
      ['interpretability', 'keyword'],
    ]);
  });

  test('searches the newest texts of a paper that is on several days', () => {
    const older = createPaper({ title: 'Old words' });
    const newer = { ...older, title: 'New words' };
    const window = openPapers([older], [newer]);
    const titles = (query: string) =>
      window
        .select({ query: parseQueryCached(query), lists: [LIST], limit: 9 })
        .matches.map(({ paper }) => paper.title);

    expect(window.papers).toEqual([newer]);
    expect(titles('words')).toEqual(['New words']);
    expect(titles('old')).toEqual([]);
  });

  test('counts all matches, and returns those that are asked for', () => {
    const select = (options: { limit: number; offset?: number; excluded?: string[] }) => {
      const { matches, total } = openPapers(PAPERS).select({
        query: parseQueryCached('stream'),
        lists: [LIST],
        ...options,
      });
      return [matches.map(({ paper }) => paper.id.at(-1)).join(''), total];
    };

    expect(select({ limit: 1 })).toEqual(['1', 2]);
    expect(select({ limit: 0 })).toEqual(['', 2]);
    expect(select({ limit: 5, offset: 1 })).toEqual(['2', 2]);
    expect(select({ limit: 5, excluded: ['2601.00001', '2601.99999'] })).toEqual(['2', 1]);
  });

  test('returns the same list and the same matches for an equal selection', () => {
    const window = openPapers(PAPERS);
    const select = (limit: number) =>
      window.select({ query: parseQueryCached('stream'), lists: [LIST], limit }).matches;

    expect(select(2)).toBe(select(2));
    expect(select(1)[0]).toBe(select(2)[0]);
  });

  test('an order by match does not depend on what was asked before', () => {
    const query = parseQueryCached('residual OR stream OR title:residual');
    const window = openPapers([...PAPERS].reverse());
    const select = (excluded: string[], lists = [LIST]) =>
      window
        .select({ query, lists, limit: 9, sort: 'match', excluded })
        .matches.map(({ paper }) => paper.id.at(-1));

    expect(select([], ['arxiv/cs.CL'])).toEqual([]);
    expect(select(['2601.00001'])).toEqual(['2']);
    expect(select([])).toEqual(['1', '2']);
  });

  test('has no papers of a list that it does not cover', () => {
    expect(
      openPapers(PAPERS).select({ query: parseQueryCached(''), lists: ['arxiv/cs.CL'], limit: 9 }),
    ).toMatchObject({
      matches: [],
      total: 0,
    });
  });
});

describe('queries that cannot be read', () => {
  test('are refused each time', () => {
    for (const _ of [1, 2]) {
      expect(() => parseQueryCached('(vision')).toThrow(QueryError);
      expect(tryParseQueryCached('(vision')).toMatchObject({ kind: 'unclosed-parenthesis', position: 0 });
    }
  });
});

describe('equal queries', () => {
  test('are the same object, however they are written', () => {
    expect(parseQueryCached('vision  AND model')).toBe(parseQueryCached('vision model'));
    expect(parseQueryCached('vision')).not.toBe(parseQueryCached('visions'));
  });
});
