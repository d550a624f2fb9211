import type { PaperId } from '../../domain/papers/paper.ts';
import { TEXT_FIELDS } from '../index/condition-papers.ts';
import { termAt, textWordsOf } from '../index/open-day.ts';
import { listIn, onePaper, subtract, unite } from '../index/paper-set.ts';
import { textOf } from '../index/terms.ts';
import { countOccurrences } from '../index/word-papers.ts';
import type { SearchCorpus } from './corpus.ts';
import { sumWords } from './find-results.ts';
import { toIdf } from './score.ts';
import { takeTop } from './take-top.ts';

/** So many words of a paper are compared: those that say most about it. */
const MAX_WORDS = 25;

/**
 * Returns the papers most like one, best first, without itself. It searches for the words that the paper has most often and other papers
 * seldom have. Empty for an unknown paper.
 */
export function findSimilar(corpus: SearchCorpus, id: PaperId, limit: number): readonly PaperId[] {
  const paper = corpus.numberOf.get(id);
  if (paper === undefined) return [];
  const { paperCount, all, facts, ids, wordScores } = corpus;
  const words = tellingWords(corpus, paper).map((text) => ({ text, isPrefix: false, fields: TEXT_FIELDS }));
  const holders = unite(words.map(wordScores.papersOf), paperCount);
  const candidates = listIn(new Uint32Array(holders.size), subtract(holders, onePaper(paper)));
  const values = sumWords(corpus, words, all, candidates);
  const columns = { values, publishedAt: facts.publishedAt, ids };
  return takeTop(candidates, columns, limit).flatMap((number) => ids[number] ?? []);
}

/** Returns the words of a paper with the highest tf-idf, the highest first. */
function tellingWords({ searched, paperCount }: SearchCorpus, paper: number): readonly string[] {
  const index = searched.days[searched.dayOf[paper] ?? 0]?.index;
  const place = searched.indexInDay[paper] ?? 0;
  if (!index) return [];
  const counts = new Map<number, number>();
  const { from, to } = textWordsOf(index, place);
  for (let at = from; at < to; at += 1) {
    const term = termAt(index, at);
    if (term > 0) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return [...counts]
    .map(([term, count]) => {
      const text = textOf(index, term);
      const word = { text, hash: index.hashes[term] ?? 0, isPrefix: false };
      // It is faster to know how often papers have it than how many.
      const occurrences = Math.min(countOccurrences(searched, word), paperCount);
      const isAlone = occurrences <= count;
      return { text, points: isAlone ? 0 : count * toIdf(paperCount, occurrences) };
    })
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || (a.text < b.text ? -1 : 1))
    .slice(0, MAX_WORDS)
    .map(({ text }) => text);
}
