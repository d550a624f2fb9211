import { termAt, textWordsOf } from '../index/open-day.ts';
import { ESCAPE, FIRST_TERM } from '../index/word-codes.ts';
import type { SearchedDays } from '../index/word-papers.ts';
import type { SearchCorpus } from './corpus.ts';
import { SCORE_RULES, toIdf } from './score.ts';

/** So many of the best papers say what the others should be like. */
const EXAMPLES = 5;

/** How much less an example counts if its score is lower: its share of the best score to this power. */
const SHARPNESS = 5;

/**
 * Adds points to the scores of papers that are like the best ones. A paper is compared with the best {@link EXAMPLES} by the words of both,
 * as the cosine of their vectors. A word that few of these papers have counts more. No paper is an example for itself.
 *
 * So the papers of a long question, of which none has all words, rank by what the good answers have in common.
 *
 * @param papers best first
 */
export function addFeedbackPoints(
  { searched }: SearchCorpus,
  papers: readonly number[],
  scores: Float64Array,
): void {
  const best = scores[papers[0] ?? 0] ?? 0;
  // The few results of a rare query are all examples, and have nothing in common that others could have.
  if (papers.length <= EXAMPLES || best <= 0) return;
  const { words, parts, ends } = toVectors(searched, papers);
  const examples = papers.slice(0, EXAMPLES).map((paper) => ((scores[paper] ?? 0) / best) ** SHARPNESS);
  const total = examples.reduce((sum, share) => sum + share, 0);
  middle.fill(0);
  for (const [at, share] of examples.entries()) {
    for (let n = ends[at - 1] ?? 0; n < (ends[at] ?? 0); n += 1)
      middle[words[n] ?? 0] = (middle[words[n] ?? 0] ?? 0) + (share / total) * (parts[n] ?? 0);
  }
  const likeness = papers.map((_, at) => {
    let sum = 0;
    for (let n = ends[at - 1] ?? 0; n < (ends[at] ?? 0); n += 1)
      sum += (parts[n] ?? 0) * (middle[words[n] ?? 0] ?? 0);
    // The cosine of a vector with itself is 1.
    return sum - (examples[at] ?? 0) / total;
  });
  const most = Math.max(...likeness);
  if (most <= 0) return;
  for (const [at, paper] of papers.entries()) {
    const share = Math.max(0, likeness[at] ?? 0) / most;
    scores[paper] = (scores[paper] ?? 0) + SCORE_RULES.feedbackShare * best * share;
  }
}

/** Papers as vectors of length 1: the words of each by their {@link numberOf numbers}, and how far the paper points to each. */
interface Vectors {
  readonly words: Uint16Array;
  readonly parts: Float64Array;
  /** Where the words of each paper end. */
  readonly ends: Uint32Array;
}

/** The words of 100 papers are about 8,000. Further words do not count. */
const MAX_WORDS = 0x4000;

// One search uses these after the other, because new arrays of this size would take long to clear away.
/** A hash table of words: the hash of each, and its number plus 1. 0 is a free slot. */
const slots = new Uint32Array(4 * MAX_WORDS);
/** How many of the papers have each word. */
const holders = new Uint16Array(MAX_WORDS);
/** How often one paper has each word. Each paper leaves zeros. */
const counts = new Uint16Array(MAX_WORDS);
/** What the best papers have in common. */
const middle = new Float64Array(MAX_WORDS);
/** The vectors, which need as much room as the papers have words. */
let room: Pick<Vectors, 'words' | 'parts'> = { words: new Uint16Array(), parts: new Float64Array() };

/** How many words have a number. */
let wordCount = 0;

/**
 * Returns the number of a word, or -1 if there are too many. Numbers follow the order in which words come, so frequent words are near each
 * other. A word is known by its hash, because each part of a corpus numbers its words anew.
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

/** Returns the vectors of some papers, until the next call. */
function toVectors(searched: SearchedDays, papers: readonly number[]): Vectors {
  slots.fill(0);
  holders.fill(0);
  wordCount = 0;
  const most = papers.reduce((sum, paper) => sum + countWords(searched, paper), 0);
  if (room.words.length < most)
    room = { words: new Uint16Array(2 * most), parts: new Float64Array(2 * most) };
  const { words, parts } = room;
  const ends = new Uint32Array(papers.length);
  let end = 0;
  for (const [nth, paper] of papers.entries()) {
    const start = end;
    end = takeWords(searched, paper, words, start);
    for (let n = start; n < end; n += 1) {
      const number = words[n] ?? 0;
      parts[n] = counts[number] ?? 0;
      counts[number] = 0;
      holders[number] = (holders[number] ?? 0) + 1;
    }
    ends[nth] = end;
  }

  // A word that only one of the papers has says nothing of the others.
  const weights = Float64Array.from({ length: papers.length + 1 }, (_, size) =>
    size > 1 ? toIdf(papers.length, size) : 0,
  );
  for (let nth = 0; nth < ends.length; nth += 1)
    normalise(words, parts, ends[nth - 1] ?? 0, ends[nth] ?? 0, weights);
  return { words, parts, ends };
}

function countWords({ days, dayOf, indexInDay }: SearchedDays, paper: number): number {
  const ends = days[dayOf[paper] ?? 0]?.index.paperEnds;
  const place = indexInDay[paper] ?? 0;
  return (ends?.[place] ?? 0) - (ends?.[place - 1] ?? 0);
}

/** Writes the different words of a paper into `into`, and how often it has each into `counts`. Returns where its words end. */
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
    // A processor cannot guess which words come again, so this has no branch. It adds 1 for a new word.
    end += (count - 1) >>> 31;
  }
  return end;
}

/**
 * Turns the counts of the words `from` to `to` into a vector of length 1.
 *
 * @param weights the weight of a word by how many papers have it
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
    const part = (weights[holders[words[n] ?? 0] ?? 0] ?? 0) * (count / (SCORE_RULES.saturation + count));
    parts[n] = part;
    squares += part * part;
  }
  const length = Math.sqrt(squares);
  if (length > 0) for (let n = from; n < to; n += 1) parts[n] = (parts[n] ?? 0) / length;
}
