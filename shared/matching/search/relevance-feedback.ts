import { termAt, textWordsOf } from '../index/open-day.ts';
import { ESCAPE, FIRST_TERM } from '../index/word-codes.ts';
import type { SearchedDays } from '../index/word-papers.ts';
import type { SearchCorpus } from './corpus.ts';
import { SCORE_RULES, toIdf } from './score.ts';

/** How many of the best papers serve as examples. */
const EXAMPLES = 5;

/** An example counts by its share of the best score, raised to this power. */
const SHARPNESS = 5;

/**
 * Adds points to the scores of papers that are similar to the best ones (pseudo-relevance feedback). The similarity of a paper and the best
 * {@link EXAMPLES} is the cosine of their word vectors. A word that few of these papers have counts more. No paper is an example for itself.
 *
 * So the results of a long question, of which no paper has all words, rank by what the good answers have in common.
 *
 * @param papers best first
 */
export function addFeedbackPoints(
  { searched }: SearchCorpus,
  papers: readonly number[],
  scores: Float64Array,
): void {
  const best = scores[papers[0] ?? 0] ?? 0;
  // If there are few results, all of them are examples.
  if (papers.length <= EXAMPLES || best <= 0) return;
  const { words, parts, ends } = toVectors(searched, papers);
  const examples = papers.slice(0, EXAMPLES).map((paper) => ((scores[paper] ?? 0) / best) ** SHARPNESS);
  const total = examples.reduce((sum, share) => sum + share, 0);
  centroid.fill(0);
  for (const [at, share] of examples.entries()) {
    for (let n = ends[at - 1] ?? 0; n < (ends[at] ?? 0); n += 1)
      centroid[words[n] ?? 0] = (centroid[words[n] ?? 0] ?? 0) + (share / total) * (parts[n] ?? 0);
  }
  const similarities = papers.map((_, at) => {
    let sum = 0;
    for (let n = ends[at - 1] ?? 0; n < (ends[at] ?? 0); n += 1)
      sum += (parts[n] ?? 0) * (centroid[words[n] ?? 0] ?? 0);
    // The cosine of a vector with itself is 1.
    return sum - (examples[at] ?? 0) / total;
  });
  const most = Math.max(...similarities);
  if (most <= 0) return;
  for (const [at, paper] of papers.entries()) {
    const share = Math.max(0, similarities[at] ?? 0) / most;
    scores[paper] = (scores[paper] ?? 0) + SCORE_RULES.feedbackShare * best * share;
  }
}

/** Papers as vectors of length 1: the {@link numberOf number} of each word, and its component. */
interface Vectors {
  readonly words: Uint16Array;
  readonly parts: Float64Array;
  /** Where the words of each paper end. */
  readonly ends: Uint32Array;
}

/** The words of 100 papers are about 8,000. Further words do not count. */
const MAX_WORDS = 0x4000;

// All searches share these scratch buffers, because allocating them for each search would keep the garbage collector busy.
/** A hash table of words: the hash of each, and its number plus 1. 0 is a free slot. */
const slots = new Uint32Array(4 * MAX_WORDS);
/** How many of the papers have each word. */
const documentFrequencies = new Uint16Array(MAX_WORDS);
/** How often one paper has each word. All zero between two papers. */
const counts = new Uint16Array(MAX_WORDS);
/** The weighted mean of the vectors of the examples. */
const centroid = new Float64Array(MAX_WORDS);
/** The vectors, which are as long as the papers have words. */
let scratch: Pick<Vectors, 'words' | 'parts'> = { words: new Uint16Array(), parts: new Float64Array() };

/** How many words have a number. */
let wordCount = 0;

/**
 * Returns the number of a word, or -1 if there are too many. Words are numbered as they come, so frequent words are close together. A word is
 * identified by its hash, because each part of a corpus numbers its words differently.
 */
function numberOf(hash: number): number {
  let slot = (2 * hash) & (slots.length - 1);
  for (;;) {
    const known = slots[slot + 1] ?? 0;
    if (known === 0) break;
    if (slots[slot] === hash) return known - 1;
    slot = (slot + 2) & (slots.length - 1);
  }
  if (wordCount === MAX_WORDS) return -1;
  wordCount += 1;
  slots[slot] = hash;
  slots[slot + 1] = wordCount;
  return wordCount - 1;
}

/** Returns the vectors of the papers. The result is valid until the next call. */
function toVectors(searched: SearchedDays, papers: readonly number[]): Vectors {
  slots.fill(0);
  documentFrequencies.fill(0);
  wordCount = 0;
  const most = papers.reduce((sum, paper) => sum + countWords(searched, paper), 0);
  if (scratch.words.length < most)
    scratch = { words: new Uint16Array(2 * most), parts: new Float64Array(2 * most) };
  const { words, parts } = scratch;
  const ends = new Uint32Array(papers.length);
  let end = 0;
  for (const [nth, paper] of papers.entries()) {
    const start = end;
    end = takeWords(searched, paper, words, start);
    for (let n = start; n < end; n += 1) {
      const number = words[n] ?? 0;
      parts[n] = counts[number] ?? 0;
      counts[number] = 0;
      documentFrequencies[number] = (documentFrequencies[number] ?? 0) + 1;
    }
    ends[nth] = end;
  }

  // A word that only one paper has does not contribute to the similarity with others.
  const weights = Float64Array.from({ length: papers.length + 1 }, (_, size) =>
    size > 1 ? toIdf(papers.length, size) : 0,
  );
  for (let nth = 0; nth < ends.length; nth += 1)
    normalise(words, parts, ends[nth - 1] ?? 0, ends[nth] ?? 0, weights);
  return { words, parts, ends };
}

function countWords({ days, dayOf, indexInDay }: SearchedDays, paper: number): number {
  const ends = days[dayOf[paper] ?? 0]?.index.paperEnds;
  const inDay = indexInDay[paper] ?? 0;
  return (ends?.[inDay] ?? 0) - (ends?.[inDay - 1] ?? 0);
}

/** Writes the distinct words of a paper into `into`, and their frequencies into `counts`. Returns the end of its words. */
function takeWords(
  { days, dayOf, indexInDay }: SearchedDays,
  paper: number,
  into: Uint16Array,
  start: number,
): number {
  const index = days[dayOf[paper] ?? 0]?.index;
  if (!index) return start;
  const { words, codeHashes, hashes } = index;
  const { from, to } = textWordsOf(index, indexInDay[paper] ?? 0);
  let end = start;
  for (let at = from; at < to; at += 1) {
    const code = (words[at] ?? 0) >>> 1;
    if (code < FIRST_TERM) continue;
    const number = numberOf(code === ESCAPE ? (hashes[termAt(index, at)] ?? 0) : (codeHashes[code] ?? 0));
    if (number < 0) continue;
    const count = counts[number] ?? 0;
    counts[number] = count + 1;
    into[end] = number;
    // Adds 1 for a new word, without a branch: see ADR 55.
    end += (count - 1) >>> 31;
  }
  return end;
}

/**
 * Turns the counts of the words `from` to `to` into a vector of length 1.
 *
 * @param weights the weight of a word by its document frequency
 */
function normalise(
  words: Uint16Array,
  parts: Float64Array,
  from: number,
  to: number,
  weights: Float64Array,
): void {
  let squares = 0;
  for (let n = from; n < to; n += 1) {
    const count = parts[n] ?? 0;
    const part =
      (weights[documentFrequencies[words[n] ?? 0] ?? 0] ?? 0) * (count / (SCORE_RULES.saturation + count));
    parts[n] = part;
    squares += part * part;
  }
  const length = Math.sqrt(squares);
  if (length > 0) for (let n = from; n < to; n += 1) parts[n] = (parts[n] ?? 0) / length;
}
