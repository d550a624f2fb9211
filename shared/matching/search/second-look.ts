import { TEXT_FIELDS } from '../index/condition-papers.ts';
import { fieldOf, indexedFields, TERM_SHIFT } from '../index/day-index.ts';
import type { OpenDay } from '../index/open-day.ts';
import { findTerm, findTermsFrom, hashOf, textOf } from '../index/terms.ts';
import { wordsOf } from '../index/word-papers.ts';
import { toRoot } from '../text/root.ts';
import type { SearchCorpus } from './corpus.ts';
import { SCORE_RULES, toImpact, toPairImpact, toWordWeight } from './score.ts';

/** So many papers get a second look at most. It reads all their words. */
export const SECOND_LOOKS = 100;

/** So many of the best papers say what the others should be like. */
const EXAMPLES = 5;

/** How much less an example counts if its score is lower: its share of the best score to this power. */
const SHARPNESS = 5;

/** A plain word of a query. Its weight is 0 if no paper has it. */
export interface WeighedWord {
  readonly text: string;
  readonly weight: number;
}

/**
 * Adds points to the scores of papers with words that have the same root as a word of the query. It does the same for two words that follow
 * each other as in the query.
 */
export function addWordPoints(
  { searched }: SearchCorpus,
  papers: readonly number[],
  words: readonly WeighedWord[],
  scores: Float64Array,
): void {
  const hashed = words.map((word) => ({ ...word, hash: hashOf(word.text) }));
  const found = new Map<
    OpenDay,
    { readonly terms: readonly number[]; readonly relatives: readonly Relatives[] }
  >();
  const counts = new Uint16Array(words.length * FIELDS);
  for (const paper of papers) {
    const index = searched.days[searched.dayOf[paper] ?? 0]?.index;
    if (!index) continue;
    const { terms, relatives } = found.get(index) ?? {
      terms: hashed.map(({ text, hash }) => findTerm(index, text, hash).from),
      relatives: words.flatMap(({ text }, nth) => findRelatives(index, text, nth)),
    };
    found.set(index, { terms, relatives });
    const place = searched.placeInDay[paper] ?? 0;
    const own = wordsOf(index, place);
    let points = 0;
    counts.fill(0);
    countRelatives(own, relatives, counts);
    for (const { nth } of relatives) {
      const impact = toImpact(counts, nth * FIELDS, index.lengths, place * FIELDS);
      points += SCORE_RULES.relativeShare * (words[nth]?.weight ?? 0) * impact;
    }
    for (let at = 0; at + 1 < words.length; at += 1) {
      const [first = 0, second = 0] = [terms[at], terms[at + 1]];
      const weight = Math.min(words[at]?.weight ?? 0, words[at + 1]?.weight ?? 0);
      if (first === 0 || second === 0 || first === second || weight === 0) continue;
      points += SCORE_RULES.pairShare * weight * toPairImpact(countPair(own, first, second));
    }
    scores[paper] = (scores[paper] ?? 0) + points;
  }
}

/** Returns how often each field has a term that is followed by another one. */
function countPair(words: Uint32Array, first: number, second: number): readonly number[] {
  const counts = new Array<number>(FIELDS).fill(0);
  for (let at = 0; at + 1 < words.length; at += 1) {
    const word = words[at] ?? 0;
    if (word >>> TERM_SHIFT !== first || (words[at + 1] ?? 0) >>> TERM_SHIFT !== second) continue;
    const field = fieldOf(word);
    if (field !== AUTHOR) counts[field] = (counts[field] ?? 0) + 1;
  }
  return counts;
}

const FIELDS = indexedFields.length;

/** Other terms with the same root as a word. */
interface Relatives {
  /** Which word of the query it is. */
  readonly nth: number;
  readonly terms: ReadonlySet<number>;
  /** The first term with this root, and the one after the last one. A root is a beginning of all its words, so they are neighbours in an index. */
  readonly from: number;
  readonly to: number;
}

/** Returns none if the index has no relatives of a word. */
function findRelatives(index: OpenDay, text: string, nth: number): readonly Relatives[] {
  // Only such words have relatives.
  if (!/^[a-z]{4,}$/.test(text)) return [];
  const root = toRoot(text);
  const terms = new Set<number>();
  const { from, to } = findTermsFrom(index, root);
  for (let term = from; term < to; term += 1) {
    const other = textOf(index, term);
    if (other !== text && toRoot(other) === root) terms.add(term);
  }
  return terms.size > 0 ? [{ nth, terms, from, to }] : [];
}

/** Counts how often each field has a relative of each word. */
function countRelatives(words: Uint32Array, relatives: readonly Relatives[], counts: Uint16Array): void {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    const term = word >>> TERM_SHIFT;
    for (let n = 0; n < relatives.length; n += 1) {
      const own = relatives[n];
      if (!own || term < own.from || term >= own.to || !own.terms.has(term)) continue;
      const field = fieldOf(word);
      const slot = own.nth * FIELDS + field;
      if (field !== AUTHOR) counts[slot] = (counts[slot] ?? 0) + 1;
    }
  }
}

const AUTHOR = indexedFields.indexOf('author');

/**
 * Adds points to the scores of papers that are like the best ones. A paper is compared with the best {@link EXAMPLES} by the words of both,
 * as the cosine of their vectors. A word that few of these papers have counts more. No paper is an example for itself.
 *
 * So the papers of a long question, of which none has all words, rank by what the good answers have in common.
 *
 * @param papers best first
 */
export function addLikenessPoints(
  corpus: SearchCorpus,
  papers: readonly number[],
  scores: Float64Array,
): void {
  const best = scores[papers[0] ?? 0] ?? 0;
  // The few results of a rare query are all examples, and have nothing in common that others could have.
  if (papers.length <= EXAMPLES || best <= 0) return;
  const vectors = toVectors(corpus, papers);
  const examples = papers.slice(0, EXAMPLES).map((paper) => ((scores[paper] ?? 0) / best) ** SHARPNESS);
  const total = examples.reduce((sum, share) => sum + share, 0);
  middle.fill(0);
  for (const [at, share] of examples.entries()) {
    const { slots = NO_SLOTS, parts = NO_PARTS } = vectors[at] ?? {};
    for (let n = 0; n < slots.length; n += 1)
      middle[slots[n] ?? 0] = (middle[slots[n] ?? 0] ?? 0) + (share / total) * (parts[n] ?? 0);
  }
  const likeness = vectors.map(({ slots, parts }, at) => {
    let sum = 0;
    for (let n = 0; n < slots.length; n += 1) sum += (parts[n] ?? 0) * (middle[slots[n] ?? 0] ?? 0);
    // The cosine of a vector with itself is 1.
    return sum - (examples[at] ?? 0) / total;
  });
  const most = Math.max(...likeness);
  if (most <= 0) return;
  for (const [at, paper] of papers.entries()) {
    const share = Math.max(0, likeness[at] ?? 0) / most;
    scores[paper] = (scores[paper] ?? 0) + SCORE_RULES.likenessShare * best * share;
  }
}

/** A paper as a vector of length 1: the slots of its words, and how far it points to each. */
interface Vector {
  readonly slots: Uint16Array;
  readonly parts: Float64Array;
}

const NO_SLOTS = new Uint16Array(0);
const NO_PARTS = new Float64Array(0);

/** The words of 100 papers are about 8,000. Further words do not count. */
const MAX_SLOTS = 0x8000;

// One search uses these after the other, because new arrays of this size would take long to clear away.
/** The hash of the word of each slot. 0 is a free slot. */
const keys = new Uint32Array(MAX_SLOTS);
/** How many of the papers have the word of each slot. */
const holders = new Uint16Array(MAX_SLOTS);
/** How often one paper has the word of each slot. Each paper leaves zeros. */
const counts = new Uint16Array(MAX_SLOTS);
/** The slots of one paper. */
const found = new Uint16Array(MAX_SLOTS);
/** What the best papers have in common. */
const middle = new Float64Array(MAX_SLOTS);

/** Returns the vectors of some papers. A word is known by its hash, because each part of a corpus numbers its words anew. */
function toVectors({ searched }: SearchCorpus, papers: readonly number[]): readonly Vector[] {
  keys.fill(0);
  holders.fill(0);
  let used = 0;
  const slotOf = (hash: number): number => {
    // 0 is a free slot.
    const key = hash || 1;
    let slot = key & (MAX_SLOTS - 1);
    while (keys[slot] !== key && keys[slot] !== 0) slot = (slot + 1) & (MAX_SLOTS - 1);
    if (keys[slot] === 0) {
      if (used > MAX_SLOTS / 2) return -1;
      used += 1;
      keys[slot] = key;
    }
    return slot;
  };

  const counted = papers.map((paper) => {
    const index = searched.days[searched.dayOf[paper] ?? 0]?.index;
    if (!index) return { slots: NO_SLOTS, parts: NO_PARTS };
    const { hashes } = index;
    const words = wordsOf(index, searched.placeInDay[paper] ?? 0);
    let size = 0;
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] ?? 0;
      const term = word >>> TERM_SHIFT;
      if (term === 0 || ((TEXT_FIELDS >>> fieldOf(word)) & 1) === 0) continue;
      const slot = slotOf(hashes[term] ?? 0);
      if (slot < 0) continue;
      if (counts[slot] === 0) {
        found[size] = slot;
        size += 1;
      }
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    const slots = found.slice(0, size);
    const parts = new Float64Array(size);
    for (let n = 0; n < size; n += 1) {
      const slot = slots[n] ?? 0;
      parts[n] = counts[slot] ?? 0;
      counts[slot] = 0;
      holders[slot] = (holders[slot] ?? 0) + 1;
    }
    return { slots, parts };
  });

  // A word that only one of the papers has says nothing of the others.
  const weights = Float64Array.from({ length: papers.length + 1 }, (_, size) =>
    size > 1 ? toWordWeight(papers.length, size) : 0,
  );
  for (const { slots, parts } of counted) normalise(slots, parts, weights);
  return counted;
}

/**
 * Turns counts of words into a vector of length 1.
 *
 * @param weights the weight of a word by how many papers have it
 */
function normalise(slots: Uint16Array, parts: Float64Array, weights: Float64Array): void {
  let squares = 0;
  for (let n = 0; n < parts.length; n += 1) {
    const count = parts[n] ?? 0;
    const part = (weights[holders[slots[n] ?? 0] ?? 0] ?? 0) * (count / (SCORE_RULES.saturation + count));
    parts[n] = part;
    squares += part * part;
  }
  const length = Math.sqrt(squares);
  if (length > 0) for (let n = 0; n < parts.length; n += 1) parts[n] = (parts[n] ?? 0) / length;
}
