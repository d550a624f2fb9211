import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { mergePaper } from '../../../../shared/domain/papers/merge-paper.ts';
import type { Paper } from '../../../../shared/domain/papers/paper.ts';
import { buildDayIndex } from '../../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../../shared/matching/index/open-day.ts';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { printQuery } from '../../../../shared/matching/query/print-query.ts';
import { openCorpus, type SearchCorpus } from '../../../../shared/matching/search/corpus.ts';
import { correctQuery } from '../../../../shared/matching/search/correct-query.ts';
import { toRoot } from '../../../../shared/matching/search/rerank.ts';
import { toSearchPart } from '../../../../shared/matching/search/search-part.ts';
import { analysePhrase } from '../../../../shared/matching/text/analyser.ts';
import { parseHfPage } from '../../../../shared/sources/hf-daily/hf-page.ts';
import { isThorough } from '../../../thorough.ts';

// Recorded real answers. They are in a folder beside the repository, if there is a copy, and never part of it.
const folder = new URL('../../../../../shared/recordings/hf/', import.meta.url);
const files = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^\d{4}-\d{2}-\d{2}\..*json$/.test(name))
  : [];
const testRecorded = files.length === 0 ? test.skip : test;

const NOW = '2026-09-01T00:00:00.000Z';

function readPapers(): readonly Paper[] {
  const papers = new Map<string, Paper>();
  for (const file of files) {
    const body = readFileSync(new URL(file, folder), 'utf8');
    const day = { askedDay: file.slice(0, 10), now: NOW, seenIds: new Set<string>() };
    for (const { facts } of parseHfPage({ status: 200, body }, day).items)
      papers.set(facts.id, mergePaper(undefined, facts, NOW));
  }
  return [...papers.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function open(papers: readonly Paper[]): SearchCorpus {
  const index = openDay(buildDayIndex(papers));
  return openCorpus([toSearchPart({ list: 'hf-daily', day: '2026-01-05', papers, index })]);
}

/** Returns how many papers have each word of letters. */
function countWords(papers: readonly Paper[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { title, abstract } of papers) {
    const words = `${title} ${abstract}`.toLowerCase().match(/(?<![\p{L}-])[a-z]{4,20}(?![\p{L}-])/gu);
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function correct(corpus: SearchCorpus, query: string): string | undefined {
  const corrected = correctQuery(corpus, parseQuery(query), corpus.all);
  return corrected && printQuery(corrected);
}

testRecorded('a real word that the papers here lack seldom becomes another one', () => {
  const papers = readPapers();
  const all = countWords(papers);
  for (const every of [18, 4]) {
    const some = papers.filter((_, at) => at % every === 0);
    const corpus = open(some);
    const here = countWords(some);
    // Three papers do not share a slip.
    const lacking = [...all].filter(([word, count]) => count >= 3 && !here.has(word)).map(([word]) => word);
    const wrong = lacking.filter((word) => {
      const corrected = correct(corpus, word);
      return corrected !== undefined && toRoot(corrected) !== toRoot(word);
    });

    expect(lacking.length).toBeGreaterThan(300);
    expect(wrong.length / lacking.length).toBeLessThan(0.06);
    for (const word of ['modal', 'rare', 'sound', 'move']) expect(correct(corpus, word)).toBeUndefined();
  }
});

testRecorded('most slips in a word of six letters or more are corrected', () => {
  const papers = readPapers();
  const all = countWords(papers);
  const corpus = open(papers);
  const known = [...all]
    .filter(([word, count]) => count >= 3 && word.length >= 6)
    .map(([word]) => word)
    .filter((_, nth) => isThorough || nth % 4 === 0);
  const tried = known.flatMap((word, nth) => {
    const at = 1 + (nth % (word.length - 2));
    const [a = '', b = ''] = word.slice(at);
    const typed = word.slice(0, at) + [b + a, b, a + a + b, `e${b}`][nth % 4] + word.slice(at + 2);
    return all.has(typed) || typed === word ? [] : [{ word, corrected: correct(corpus, typed) }];
  });
  const right = tried.filter(({ word, corrected }) => corrected === analysePhrase(word).words[0]);

  expect(tried.length).toBeGreaterThan(500);
  expect(right.length / tried.length).toBeGreaterThan(0.7);
});
