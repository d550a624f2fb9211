import { describe, expect, test } from '@jest/globals';
import { suggestExclusions } from '../../../shared/matching/exclusions.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { parseQuery } from '../../../shared/matching/query/parse-query.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { createPaper } from '../../factories/papers.ts';

const papers = [
  { title: 'Agents for Video Generation', aiKeywords: ['video generation', 'agents'] },
  { title: 'Agents for Audio', aiKeywords: ['audio'] },
  { title: 'Agents for Robots', aiKeywords: ['robotics'] },
  { title: 'Agents in Video Generation Again', aiKeywords: ['video generation'] },
  { title: 'Kernels', aiKeywords: ['kernels'] },
  { title: 'Streams', aiKeywords: ['residual stream'] },
  { title: 'Proofs', aiKeywords: ['proofs'] },
  { title: 'Proteins', aiKeywords: ['proteins'] },
  { title: 'Maps', aiKeywords: ['maps'] },
].map((paper, n) => createPaper({ id: `2601.0000${n}`, abstract: '', ...paper }));

const window = openWindow([{ list: 'hf-daily', index: openDay(buildDayIndex(papers)), papers }]);
const lists = ['hf-daily'] as const;
const suggest = (query: string, n = 0) =>
  suggestExclusions(window, { query, lists }, papers[n] ?? createPaper());

describe('terms to leave out of a query', () => {
  test('are telling ones of the paper, keywords first, with what each removes', () => {
    const [first] = suggest('agents');

    expect(first).toEqual({ term: 'video generation', removed: 2, query: 'agents -"video generation"' });
    expect(suggest('agents').map(({ term }) => term)).not.toContain('agents');
  });

  test('put a term that several papers have before one of this paper alone', () => {
    const suggested = suggest('agents', 3);

    expect(suggested.map(({ term }) => term)).toContain('again');
    expect(suggested.map(({ removed }) => removed > 1)).toEqual([true, true, true, false]);
  });

  test('put a shared word of the title before keywords of this paper alone', () => {
    const [paper, ...others] = [
      {
        title: 'Speech Lexicon',
        aiKeywords: ['one codec', 'two mels', 'three vowels', 'four tones', 'five pauses'],
      },
      { title: 'Speech' },
      ...papers,
    ].map((one, n) => createPaper({ abstract: '', ...one, id: `2601.002${n + 10}` }));
    const all = [paper ?? createPaper(), ...others];
    const wide = openWindow([{ list: 'hf-daily', index: openDay(buildDayIndex(all)), papers: all }]);
    const suggested = suggestExclusions(wide, { query: '', lists }, all[0] ?? createPaper());

    expect(suggested.map(({ term, removed }) => [term, removed])).toEqual([
      ['speech', 2],
      ['one codec', 1],
      ['two mels', 1],
      ['three vowels', 1],
      ['four tones', 1],
    ]);
  });

  test('remove as many papers as they say', () => {
    const countOf = (query: string) => window.select({ query: parseQuery(query), lists, limit: 0 }).total;

    for (const query of ['', 'agents', 'agents OR kernels', 'title:agents -robots', '"agents for"']) {
      const suggested = suggest(query);
      expect(suggested.length).toBeGreaterThan(0);
      for (const one of suggested) {
        expect(countOf(query) - countOf(one.query)).toBe(one.removed);
        const kept = window.select({ query: parseQuery(one.query), lists, limit: 99 }).matches;
        expect(kept.map(({ paper }) => paper.id)).not.toContain(papers[0]?.id);
      }
    }
  });

  test('keep the meaning of an OR', () => {
    expect(suggest('agents OR kernels')[0]?.query).toBe('(agents OR kernels) -"video generation"');
  });

  test('are none if each would remove every paper, or make the query too long', () => {
    expect(suggest('"video generation"').map(({ term }) => term)).not.toContain('video generation');
    expect(suggest(`agents -${'x'.repeat(489)}`)).toEqual([]);
  });

  test('are no words that papers of any topic have, and keywords come before words of the title', () => {
    const [paper, ...others] = [
      { title: 'Mamba via Your Own Codec: When Small Is Right', aiKeywords: ['codecs', 'speech'] },
      { title: 'Speech Codecs', aiKeywords: [] },
      { title: 'Mamba', aiKeywords: [] },
      { title: 'Speech', aiKeywords: [] },
      ...papers,
    ].map((one, n) => createPaper({ abstract: '', ...one, id: `2601.001${n + 10}` }));
    const all = [paper ?? createPaper(), ...others];
    const wide = openWindow([{ list: 'hf-daily', index: openDay(buildDayIndex(all)), papers: all }]);

    expect(
      suggestExclusions(wide, { query: '', lists }, all[0] ?? createPaper()).map(({ term }) => term),
    ).toEqual(['codecs', 'speech', 'mamba', 'codec']);
  });

  test('are valid, whatever a keyword holds', () => {
    const odd = createPaper({
      id: '2601.00099',
      title: '“"*-(',
      aiKeywords: ['a "b" (c)', '-xyz', '"', '***', '(—)', 'OR NOT'],
    });
    const single = openWindow([{ list: 'hf-daily', index: openDay(buildDayIndex([odd])), papers: [odd] }]);

    expect(suggestExclusions(single, { query: '', lists }, odd).map(({ query }) => query)).toEqual([
      '-"a b (c)"',
      '-"-xyz"',
      '-"or not"',
    ]);
  });
});
