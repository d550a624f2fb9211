import { AUTHOR_FIELD } from '../index/condition-papers.ts';
import { evaluate } from '../index/evaluate.ts';
import {
  addToEach,
  countShared,
  createBits,
  fromBits,
  intersect,
  listIn,
  NO_PAPERS,
  type PaperSet,
  setBit,
  setHas,
  subtract,
  unite,
} from '../index/paper-set.ts';
import type { SearchCorpus } from './corpus.ts';
import { ENOUGH_PAPERS, toIdf, toMinShare } from './score.ts';
import type { PlainWord, SplitQuery } from './split-query.ts';
import type { ScoredWord } from './word-scores.ts';

/** The papers that a search finds. */
export interface FoundPapers {
  /** Those with all plain words. */
  readonly all: PaperSet;
  /** Those with some of them. Empty if enough papers have all. */
  readonly most: PaperSet;
}

/**
 * Finds the papers that meet the filter of a query and have its plain words.
 *
 * @param candidates the papers that may be found
 * @param known the papers that count for the weights of words
 * @param isVerbatim whether to find only papers with all plain words
 */
export function findResults(
  corpus: SearchCorpus,
  { filter, plain }: SplitQuery,
  candidates: PaperSet,
  known: PaperSet,
  isVerbatim = false,
): FoundPapers {
  const filtered =
    filter.kind === 'all' ? candidates : intersect(evaluate(filter, corpus, candidates), candidates);
  const papersByWord = plain.map((word) => findWithWord(corpus, word));
  const all = [...papersByWord].sort((a, b) => a.size - b.size).reduce(intersect, filtered);
  if (isVerbatim || plain.length < 2 || all.size >= ENOUGH_PAPERS || filtered.size === 0)
    return { all, most: NO_PAPERS };
  return { all, most: subtract(findMost(corpus, papersByWord, filtered, known), all) };
}

/** Finds the papers that have a plain word in any field. */
function findWithWord(corpus: SearchCorpus, { condition, words, authorKey }: PlainWord): PaperSet {
  const found = words.length === 1 ? words.map((word) => corpus.wordScores.papersOf(word)) : [];
  if (condition.words.length === 1) return found[0] ?? NO_PAPERS;
  const author = { text: authorKey, isPrefix: false, fields: AUTHOR_FIELD };
  return unite(
    [
      ...found,
      corpus.find(condition),
      corpus.find(condition, undefined, 'org'),
      corpus.wordScores.papersOf(author),
    ],
    corpus.paperCount,
  );
}

/** Finds the papers that have enough of the words, by weight. A word that no paper has does not count. */
function findMost(
  corpus: SearchCorpus,
  papersByWord: readonly PaperSet[],
  filtered: PaperSet,
  known: PaperSet,
): PaperSet {
  const { paperCount } = corpus;
  const words = papersByWord.flatMap((papers) => {
    const size = sizeWithin(corpus, papers, known);
    return size > 0 ? [{ papers, weight: toIdf(known.size, size) }] : [];
  });
  const total = words.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return NO_PAPERS;
  const least = toMinShare(papersByWord.length) * total;
  const likely = unite(findRarest(words, least), paperCount);
  if (scratch.length < paperCount) scratch = new Uint32Array(paperCount);
  const candidates = listIn(scratch, intersect(filtered, likely));
  const shares = zerosFor(paperCount);
  for (const { papers, weight } of words) {
    if (papers.size < candidates.length) addToEach(papers, weight, shares);
    else
      for (const paper of candidates)
        shares[paper] = (shares[paper] ?? 0) + weight * Number(setHas(papers, paper));
  }
  const bits = createBits(paperCount);
  for (const paper of candidates) if ((shares[paper] ?? 0) >= least) setBit(bits, paper);
  return fromBits(bits);
}

/** A scratch buffer for the papers that may have enough words. */
let scratch = new Uint32Array();

interface WeighedPapers {
  readonly papers: PaperSet;
  readonly weight: number;
}

/**
 * Returns the papers of each rare word. A paper without any of them cannot reach the minimum, because the weights of all other words do not
 * add up to it. So most papers need not be checked.
 */
function findRarest(words: readonly WeighedPapers[], least: number): readonly PaperSet[] {
  const frequentFirst = [...words].sort((a, b) => a.weight - b.weight);
  let sum = 0;
  const first = frequentFirst.findIndex(({ weight }) => {
    sum += weight;
    // The last digits of a sum depend on its order.
    return sum > least * (1 - 1e-9);
  });
  return frequentFirst.slice(first).map(({ papers }) => papers);
}

/**
 * Returns the relevance of the papers without their boosts, by paper number: the sum of weight times impact. The result is valid until the
 * next call.
 */
export function sumWords(
  corpus: SearchCorpus,
  words: readonly ScoredWord[],
  known: PaperSet,
  papers: Uint32Array,
): Float64Array {
  const { wordScores, paperCount } = corpus;
  const sums = zerosFor(paperCount);
  const distinct = new Map(words.map((word) => [JSON.stringify(word), word]));
  for (const word of distinct.values()) {
    const size = sizeWithin(corpus, wordScores.papersOf(word), known);
    if (size > 0) wordScores.add(word, toIdf(known.size, size), papers, sums);
  }
  return sums;
}

/** A scratch buffer with a number for each paper. Allocating one for each search would keep the garbage collector busy. */
let numbers = new Float64Array();

function zerosFor(paperCount: number): Float64Array {
  if (numbers.length < paperCount) numbers = new Float64Array(paperCount);
  else numbers.fill(0);
  return numbers;
}

/** Returns how many papers of a set are known. */
export function sizeWithin({ all }: SearchCorpus, set: PaperSet, known: PaperSet): number {
  return known === all ? set.size : countShared(set, known);
}

/** Returns the weight of a word. Undefined if no paper has it. */
export function weightOf(corpus: SearchCorpus, word: ScoredWord, known: PaperSet): number | undefined {
  const size = sizeWithin(corpus, corpus.wordScores.papersOf(word), known);
  return size > 0 ? toIdf(known.size, size) : undefined;
}
