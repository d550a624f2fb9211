import { type DayIndex, fieldOf, indexedFields, isJoined, TERM_SHIFT } from './day-index.ts';

/**
 * The words of an index in 16 bits each. That is half the size of {@link DayIndex}, so more of them fit into the processor's caches. They
 * can be stored as they are.
 */
export interface CodedWords {
  /** Every word of every paper in reading order, as `code << 1 | isJoined`. A 0 follows each field and each keyword. */
  readonly words: Uint16Array;
  /** The positions of the words whose terms have no code of their own, in ascending order. Their code is {@link ESCAPE}. */
  readonly rarePositions: Uint32Array;
  /** The terms of those words. */
  readonly rareTerms: Uint32Array;
  /** Where the words of each field end in `words`: the fields of the first paper in the order of `indexedFields`, and so on. */
  readonly fieldEnds: Uint32Array;
  /** How many words each of those fields has. */
  readonly lengths: Uint16Array;
  /** Where the postings of each term end, if those of all terms follow each other. */
  readonly postingEnds: Uint32Array;
  /** The term of each code. It follows from `postingEnds`, so it need not be stored: see {@link toTermOf}. */
  readonly termOf: Uint32Array;
}

const FIELDS = indexedFields.length;
/** The code of a gap. */
export const GAP = 0;
const EMPTY_TERM = 1;
/** The first code of a term. Lower ones are a gap and the empty term. */
export const FIRST_TERM = 2;
/** The code of all terms that are too rare for a code of their own: the last code of 15 bits. */
export const ESCAPE = 0x7fff;

/** A longer field counts as this long. */
const MAX_LENGTH = 0xffff;

export function codeWords(index: DayIndex): CodedWords {
  const { paperEnds } = index;
  const postingEnds = toEnds(countTerms(index));
  const termOf = toTermOf(postingEnds);
  const codes = codesOf(termOf, postingEnds.length);
  const words = new Uint16Array(index.words.length);
  const fieldEnds = new Uint32Array(paperEnds.length * FIELDS);
  const lengths = new Uint16Array(fieldEnds.length);
  const rare: RareWords = { positions: [], terms: [] };
  let position = 0;
  for (let paper = 0; paper < paperEnds.length; paper += 1) {
    let slot = paper * FIELDS;
    const last = slot + FIELDS;
    const end = paperEnds[paper] ?? 0;
    for (; position < end; position += 1) {
      const word = index.words[position] ?? 0;
      // A gap belongs to the field before it.
      if (word === 0) continue;
      for (const own = paper * FIELDS + fieldOf(word); slot < own; slot += 1) fieldEnds[slot] = position;
      const term = word >>> TERM_SHIFT;
      words[position] = ((codes[term] ?? 0) << 1) | Number(isJoined(word));
      if (codes[term] === ESCAPE) addRare(rare, position, term);
      if (term > 0) lengths[slot] = Math.min((lengths[slot] ?? 0) + 1, MAX_LENGTH);
    }
    for (; slot < last; slot += 1) fieldEnds[slot] = end;
  }
  return { words, ...toArrays(rare), fieldEnds, lengths, postingEnds, termOf };
}

/** The rare words, while they are collected. */
export interface RareWords {
  readonly positions: number[];
  readonly terms: number[];
}

export function addRare({ positions, terms }: RareWords, position: number, term: number): void {
  positions.push(position);
  terms.push(term);
}

export function toArrays({ positions, terms }: RareWords): Pick<CodedWords, 'rarePositions' | 'rareTerms'> {
  return { rarePositions: Uint32Array.from(positions), rareTerms: Uint32Array.from(terms) };
}

function countTerms({ words, termEnds }: DayIndex): Uint32Array {
  const counts = new Uint32Array(termEnds.length);
  for (let position = 0; position < words.length; position += 1) {
    const word = words[position] ?? 0;
    const term = word >>> TERM_SHIFT;
    if (word !== 0) counts[term] = (counts[term] ?? 0) + 1;
  }
  return counts;
}

/** Returns the end offset of each run, given the lengths of consecutive runs. */
export function toEnds(lengths: Uint32Array): Uint32Array {
  const ends = new Uint32Array(lengths.length);
  let end = 0;
  for (let at = 0; at < lengths.length; at += 1) {
    end += lengths[at] ?? 0;
    ends[at] = end;
  }
  return ends;
}

/** Returns the length of each run, given the end offsets of consecutive runs. */
export function lengthsOf(ends: Uint32Array): Uint32Array {
  return ends.map((end, at) => end - (ends[at - 1] ?? 0));
}

/**
 * Returns the term of each code. The more frequent a term, the lower its code. Equally frequent terms keep their order. So it is enough to
 * store the frequencies.
 */
export function toTermOf(postingEnds: Uint32Array): Uint32Array {
  const countOf = (term: number) => (postingEnds[term] ?? 0) - (postingEnds[term - 1] ?? 0);
  let most = 0;
  for (let term = 1; term < postingEnds.length; term += 1) most = Math.max(most, countOf(term));
  // The next code of the terms with each count, the highest count first.
  const next = new Uint32Array(most + 2).fill(FIRST_TERM, 0, 1);
  for (let term = 1; term < postingEnds.length; term += 1) {
    const after = most - countOf(term) + 1;
    next[after] = (next[after] ?? 0) + 1;
  }
  for (let at = 1; at < next.length; at += 1) next[at] = (next[at] ?? 0) + (next[at - 1] ?? 0);
  const termOf = new Uint32Array(Math.min(ESCAPE, FIRST_TERM - 1 + postingEnds.length));
  for (let term = 1; term < postingEnds.length; term += 1) {
    const at = most - countOf(term);
    const code = next[at] ?? 0;
    if (code < ESCAPE) termOf[code] = term;
    next[at] = code + 1;
  }
  return termOf;
}

/** Returns the code of each term. */
export function codesOf(termOf: Uint32Array, termCount: number): Uint16Array {
  const codes = new Uint16Array(termCount).fill(ESCAPE);
  codes[0] = EMPTY_TERM;
  for (let code = FIRST_TERM; code < termOf.length; code += 1) codes[termOf[code] ?? 0] = code;
  return codes;
}
