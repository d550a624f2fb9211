import type { PaperId } from '../../domain/papers/paper.ts';
import { compareText } from '../../domain/text/compare-text.ts';
import { TEXT_FIELDS } from '../index/condition-papers.ts';
import { termAt, textWordsOf } from '../index/open-day.ts';
import { listIn, onePaper, subtract, unite } from '../index/paper-set.ts';
import { termTextOf } from '../index/terms.ts';
import { countOccurrences } from '../index/word-papers.ts';
import type { SearchCorpus } from './corpus.ts';
import { sumWords } from './find-results.ts';
import { toIdf } from './score.ts';
import { takeTop } from './take-top.ts';

/** How many words of a paper are compared: those with the highest tf-idf. */
const MAX_WORDS = 25;

/**
 * Returns the papers most similar to the given one, best first, without itself. It searches for the words of the paper with the highest
 * tf-idf. Empty for an unknown paper.
 */
export function findSimilar(corpus: SearchCorpus, id: PaperId, limit: number): readonly PaperId[] {
  const paper = corpus.numberOf.get(id);
  if (paper === undefined) return [];
  const { paperCount, all, facts, ids, wordScores } = corpus;
  const words = distinctiveWords(corpus, paper).map((text) => ({
    text,
    isPrefix: false,
    fields: TEXT_FIELDS,
  }));
  const matching = unite(words.map(wordScores.papersOf), paperCount);
  const candidates = listIn(new Uint32Array(matching.size), subtract(matching, onePaper(paper)));
  const values = sumWords(corpus, words, all, candidates);
  const columns = { values, publishedAt: facts.publishedAt, ids };
  return takeTop(candidates, columns, limit).flatMap((number) => ids[number] ?? []);
}

/** Returns the words of a paper with the highest tf-idf, the highest first. */
function distinctiveWords({ searched, paperCount }: SearchCorpus, paper: number): readonly string[] {
  const index = searched.days[searched.dayOf[paper] ?? 0]?.index;
  const inDay = searched.indexInDay[paper] ?? 0;
  if (!index) return [];
  const counts = new Map<number, number>();
  const { from, to } = textWordsOf(index, inDay);
  for (let at = from; at < to; at += 1) {
    const term = termAt(index, at);
    if (term > 0) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return [...counts]
    .map(([term, count]) => {
      const text = termTextOf(index, term);
      const word = { text, hash: index.hashes[term] ?? 0, isPrefix: false };
      // Counting occurrences is faster than counting papers.
      const occurrences = Math.min(countOccurrences(searched, word), paperCount);
      const isAlone = occurrences <= count;
      return { text, points: isAlone ? 0 : count * toIdf(paperCount, occurrences) };
    })
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || compareText(a.text, b.text))
    .slice(0, MAX_WORDS)
    .map(({ text }) => text);
}
