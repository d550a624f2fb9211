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
  /** Those with most of them. Empty if enough papers have all. */
  readonly most: PaperSet;
}

/**
 * Finds the papers that meet the filter of a query and have its plain words.
 *
 * @param candidates the papers that may be found
 * @param known the papers that count for the weights of words
 * @param isVerbatim whether only papers with all plain words are found
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
  const holders = plain.map((word) => findHolders(corpus, word));
  const all = [...holders].sort((a, b) => a.size - b.size).reduce(intersect, filtered);
  if (isVerbatim || plain.length < 2 || all.size >= ENOUGH_PAPERS || filtered.size === 0)
    return { all, most: NO_PAPERS };
  return { all, most: subtract(findMost(corpus, holders, filtered, known), all) };
}

/** Finds the papers that have a plain word in any field. */
function findHolders(corpus: SearchCorpus, { condition, words, authorKey }: PlainWord): PaperSet {
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

/** Finds the papers that have most words by weight. A word that no paper has does not count. */
function findMost(
  corpus: SearchCorpus,
  holders: readonly PaperSet[],
  filtered: PaperSet,
  known: PaperSet,
): PaperSet {
  const { paperCount } = corpus;
  const words = holders.flatMap((holder) => {
    const size = sizeWithin(corpus, holder, known);
    return size > 0 ? [{ holder, weight: toIdf(known.size, size) }] : [];
  });
  const total = words.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return NO_PAPERS;
  const least = toMinShare(holders.length) * total;
  const telling = unite(findTelling(words, least), paperCount);
  if (room.length < paperCount) room = new Uint32Array(paperCount);
  const candidates = listIn(room, intersect(filtered, telling));
  const shares = zerosFor(paperCount);
  for (const { holder, weight } of words) {
    if (holder.size < candidates.length) addToEach(holder, weight, shares);
    else
      for (const paper of candidates)
        shares[paper] = (shares[paper] ?? 0) + weight * Number(setHas(holder, paper));
  }
  const bits = createBits(paperCount);
  for (const paper of candidates) if ((shares[paper] ?? 0) >= least) setBit(bits, paper);
  return fromBits(bits);
}

/** The papers that may have most words. */
let room = new Uint32Array();

interface WeighedHolder {
  readonly holder: PaperSet;
  readonly weight: number;
}

/**
 * Returns the holders of the words without which no paper has enough. The others are the most frequent ones, and weigh less than that even
 * together. So most papers need no look.
 */
function findTelling(words: readonly WeighedHolder[], least: number): readonly PaperSet[] {
  const frequentFirst = [...words].sort((a, b) => a.weight - b.weight);
  let sum = 0;
  const first = frequentFirst.findIndex(({ weight }) => {
    sum += weight;
    // Sums in another order differ in their last digits.
    return sum > least * (1 - 1e-9);
  });
  return frequentFirst.slice(first).map(({ holder }) => holder);
}

/**
 * Returns the relevance of some papers without their boosts, by the number of the paper: the sum of weight times impact. The array is used
 * again for the next sums.
 */
export function sumWords(
  corpus: SearchCorpus,
  words: readonly ScoredWord[],
  known: PaperSet,
  papers: Uint32Array,
): Float64Array {
  const { wordScores, paperCount } = corpus;
  const sums = zerosFor(paperCount);
  const different = new Map(words.map((word) => [JSON.stringify(word), word]));
  for (const word of different.values()) {
    const size = sizeWithin(corpus, wordScores.papersOf(word), known);
    if (size > 0) wordScores.add(word, toIdf(known.size, size), papers, sums);
  }
  return sums;
}

/** A search needs a number for each paper, and a new array for each search would take long to clear away. */
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
