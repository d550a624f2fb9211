import { expect, test } from '@jest/globals';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { toReadableTex } from '../../../shared/domain/text/readable-tex.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import type { MatchReason } from '../../../shared/matching/index/explain.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { createMuteTest } from '../../../shared/matching/mute-test.ts';
import type { Condition, QueryNode } from '../../../shared/matching/query/query.ts';
import { newestFirst } from '../../../shared/matching/rank.ts';
import { analyse, analysePhrase } from '../../../shared/matching/text/analyser.ts';
import { findPhrase } from '../../../shared/matching/text/phrase.ts';
import { rankPapers } from '../../../shared/matching/trending.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { createPaper } from '../../factories/papers.ts';
import { fc } from '../../fast-check.ts';
import { runs } from '../../thorough.ts';
import {
  conditionArb,
  idArb,
  LISTS,
  NAMES,
  type Part,
  paperArb,
  partsArb,
  phraseArb,
  queryArb,
  range,
  toPlainPapers,
} from './arbitraries.ts';
import { matchesPlainly, meetsPlainly, toPlainPaper } from './naive-evaluator.ts';

const WINDOWS = runs(20, 1_000);
const QUERIES = 85;
/** The minimum number of pairs of a query and a paper that a default run must compare. */
const MIN_PAIRS = 100_000;

const ALL = { lists: LISTS, limit: Number.POSITIVE_INFINITY };
const openParts = (parts: readonly Part[]) =>
  openWindow(parts.map((part) => ({ ...part, index: openDay(buildDayIndex(part.papers)) })));

test(`a window finds what the definition says, in ${MIN_PAIRS.toLocaleString('en')} pairs of query and paper`, () => {
  let pairs = 0;
  let matched = 0;
  const optionsArb = fc.record({
    lists: fc.subarray(LISTS, { minLength: 1 }),
    excluded: fc.array(idArb),
    offset: fc.nat(3),
    limit: fc.nat(12),
    muted: fc.record({
      mutedPapers: fc.array(idArb, { maxLength: 3 }),
      mutedAuthors: fc.subarray(NAMES, { maxLength: 2 }),
    }),
    sort: fc.constantFrom('trending' as const, 'new' as const),
  });
  fc.assert(
    fc.property(
      partsArb,
      fc.array(fc.tuple(queryArb, optionsArb), { minLength: QUERIES, maxLength: QUERIES, size: 'max' }),
      (parts, queries) => {
        const window = openParts(parts);
        const plain = toPlainPapers(parts);
        for (const [query, { lists, excluded, muted, offset, limit, sort }] of queries) {
          const isMuted = createMuteTest(muted);
          const expected = plain.filter((paper) => matchesPlainly(query, paper));
          pairs += plain.length;
          matched += expected.length;

          const all = window.select({ ...ALL, query });
          expect(all.matches.map(({ paper }) => paper)).toEqual(
            rankPapers(expected.map(({ paper }) => paper)),
          );
          expect(all.total).toBe(expected.length);

          const wanted = expected.filter(
            ({ paper, lists: its }) =>
              its.some((list) => lists.includes(list)) && !excluded.includes(paper.id) && !isMuted?.(paper),
          );
          const sortPapers = sort === 'new' ? newestFirst<Paper> : rankPapers<Paper>;
          const sorted = sortPapers(wanted.map(({ paper }) => paper));
          const selected = window.select({ query, lists, excluded, muted, offset, limit, sort });
          expect(selected.matches.map(({ paper }) => paper)).toEqual(sorted.slice(offset, offset + limit));
          expect(selected.total).toBe(wanted.length);
          const withheld = expected.filter(
            (paper) => paper.lists.some((list) => lists.includes(list)) && !wanted.includes(paper),
          );
          expect([...selected.findWithheld()].sort()).toEqual(withheld.map(({ paper }) => paper.id).sort());
        }
      },
    ),
    { numRuns: WINDOWS },
  );
  expect(pairs).toBeGreaterThanOrEqual(MIN_PAIRS);
  expect(matched).toBeGreaterThan(pairs / 10);
  expect(matched).toBeLessThan((pairs * 9) / 10);
});

test('every reason is true of its paper, and every condition that brought it has one', () => {
  const conditionsArb = fc.array(conditionArb, { minLength: 2, maxLength: 4 });
  let reasonCount = 0;
  fc.assert(
    fc.property(partsArb, fc.array(conditionsArb, { minLength: 20, maxLength: 20 }), (parts, groups) => {
      const window = openParts(parts);
      const plain = new Map(toPlainPapers(parts).map((plainPaper) => [plainPaper.paper.id, plainPaper]));
      const isTrue = ({ condition, field }: MatchReason, { id }: Paper) => {
        const paper = plain.get(id);
        const narrowed = condition.kind === 'text' && field ? { ...condition, field } : condition;
        return paper !== undefined && meetsPlainly(narrowed, paper);
      };
      const conditionsOf = (reasons: readonly MatchReason[]) => reasons.map(({ condition }) => condition);

      for (const conditions of groups) {
        for (const kind of ['and', 'or'] as const) {
          for (const { paper, reasons } of window.select({ ...ALL, query: { kind, parts: conditions } })
            .matches) {
            const held = conditions.filter((condition) => isTrue({ condition }, paper));
            expect(conditionsOf(reasons)).toEqual(held);
            expect(reasons.filter((reason) => !isTrue(reason, paper))).toEqual([]);
            expect(
              reasons.every(({ condition, field }) => (condition.kind === 'text') === (field !== undefined)),
            ).toBe(true);
            reasonCount += reasons.length;
          }
        }
        const not: QueryNode = { kind: 'not', part: { kind: 'and', parts: conditions } };
        expect(window.select({ ...ALL, query: not }).matches.flatMap(({ reasons }) => reasons)).toEqual([]);
      }
    }),
    { numRuns: runs(5, 200) },
  );
  expect(reasonCount).toBeGreaterThan(1_000);
});

test('the first field that has the words is the reason', () => {
  const paper = createPaper({
    title: 'On noise',
    abstract: 'Noise and multi modal',
    aiKeywords: ['k-NN', 'noise'],
  });
  const query: QueryNode = {
    kind: 'and',
    parts: ['noise', 'multimodal', 'knn'].map((text) => ({
      kind: 'text',
      ...analysePhrase(text),
      field: undefined,
      text,
      range,
    })),
  };
  const [match] = openParts([{ list: 'hf-daily', papers: [paper] }]).select({ ...ALL, query }).matches;

  expect(match?.reasons.map(({ field }) => field)).toEqual(['title', 'abstract', 'keyword']);
});

test('sorts by how well papers match, and equal ones as usual', () => {
  const papers = [
    createPaper({ id: '2601.00001', title: 'One', abstract: 'model', aiKeywords: [] }),
    createPaper({ id: '2601.00002', title: 'Two', abstract: 'model with noise', aiKeywords: [] }),
    createPaper({ id: '2601.00003', title: 'Three', abstract: 'noise', aiKeywords: [] }),
    createPaper({ id: '2601.00004', title: 'Four', abstract: 'noisy models', aiKeywords: [] }),
  ];
  const query: QueryNode = {
    kind: 'or',
    parts: ['model', 'noise'].map((text) => ({
      kind: 'text',
      ...analysePhrase(text),
      field: undefined,
      text,
      range,
    })),
  };
  const { matches } = openParts([{ list: 'hf-daily', papers }]).select({ ...ALL, query, sort: 'match' });

  expect(matches.map(({ paper }) => paper.id.at(-1))).toEqual(['2', '1', '3', '4']);
});

test('a mail marks a phrase in a title exactly if the evaluator finds it there', () => {
  let found = 0;
  fc.assert(
    fc.property(paperArb, phraseArb, fc.boolean(), (paper, text, isPrefix) => {
      const phrase = analysePhrase(text, isPrefix);
      const range = { start: 0, end: text.length };
      const condition: Condition = { kind: 'text', field: 'title', text, ...phrase, range };
      const isFound = meetsPlainly(condition, toPlainPaper(paper, []));
      found += Number(isFound);

      expect(findPhrase(analyse(toReadableTex(paper.title)), phrase).length > 0).toBe(isFound);
    }),
    { numRuns: runs(3_000, 100_000) },
  );
  expect(found).toBeGreaterThan(100);
});
