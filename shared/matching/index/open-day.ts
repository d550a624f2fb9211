import { BELOW_TERM, type DayIndex, FIELD_SHIFT, indexedFields, TERM_SHIFT } from './day-index.ts';
import {
  hashTerms,
  listNonAsciiTerms,
  type OpenTerms,
  type SortedTerms,
  type TermRange,
  toSlots,
} from './terms.ts';
import { type CodedWords, codeWords, ESCAPE, GAP } from './word-codes.ts';

/** An index with what a search needs: the postings of each term, and a hash table of the terms. */
export interface OpenDay extends CodedWords, OpenTerms {
  /** The hash of the term of each code. Those of frequent terms are side by side in memory. */
  readonly codeHashes: Uint32Array;
  /** Where the words of each paper end in `words`. */
  readonly paperEnds: Uint32Array;
  /**
   * The postings of every term, term by term, in ascending order. The highest bits of a posting are the position in `words`. The lowest ones
   * are those of the word: its field and `isJoined`. The bits between are the lowest ones of the next word's code. So most postings can be
   * accepted or rejected without reading `words`, which would be a cache miss.
   */
  readonly postings: Uint32Array;
  /** By how many bits a position is shifted in a posting. */
  readonly positionShift: number;
  /** The paper of every 64th position in `words`. */
  readonly blockPapers: Uint32Array;
  /** How many rare words come before every 64th position in `words`. */
  readonly blockRares: Uint32Array;
  /** See {@link listNonAsciiTerms}. */
  readonly nonAsciiTerms: readonly number[];
  /** Computes the postings and the hash table, so that no search waits for them. */
  prepare(): void;
}

/** A block has 2 to the power of this positions. */
const BLOCK_SHIFT = 6;

const FIELDS = indexedFields.length;

/** A small index does not need all bits between a position and those of its word. */
const MAX_POSITION_SHIFT = 20;

function toPositionShift(wordCount: number): number {
  return Math.min(MAX_POSITION_SHIFT, Math.clz32(wordCount));
}

/** Returns the mask of the bits of a posting that are those of the next word. */
export function nextMaskOf(positionShift: number): number {
  return ((1 << positionShift) - 1) & ~BELOW_TERM;
}

/** Opens an index for searches. It takes a few nanoseconds for each word, less than storing the result would. */
export function openDay(index: DayIndex): OpenDay {
  return openWords(index, codeWords(index));
}

/**
 * Opens an index whose words have codes.
 *
 * @param hashes those of the terms. @default computed
 */
export function openWords(
  { terms, termEnds }: SortedTerms,
  words: CodedWords,
  hashes = hashTerms({ terms, termEnds }),
): OpenDay {
  return new LazyDay({ terms, termEnds }, words, hashes);
}

/**
 * An open index. The postings, the hash table and the hashes of codes are computed when they are first needed. A small index that is joined
 * with others never needs them.
 */
class LazyDay implements OpenDay {
  readonly terms: Uint8Array;
  readonly termEnds: Uint32Array;
  readonly hashes: Uint32Array;
  readonly words: Uint16Array;
  readonly termOf: Uint32Array;
  readonly rarePositions: Uint32Array;
  readonly rareTerms: Uint32Array;
  readonly fieldEnds: Uint32Array;
  readonly lengths: Uint16Array;
  readonly paperEnds: Uint32Array;
  readonly positionShift: number;
  readonly postingEnds: Uint32Array;
  readonly blockPapers: Uint32Array;
  readonly blockRares: Uint32Array;
  #postings: Uint32Array | undefined;
  #slots: Uint32Array | undefined;
  #codeHashes: Uint32Array | undefined;
  #nonAsciiTerms: readonly number[] | undefined;

  constructor({ terms, termEnds }: SortedTerms, coded: CodedWords, hashes: Uint32Array) {
    this.terms = terms;
    this.termEnds = termEnds;
    this.hashes = hashes;
    this.words = coded.words;
    this.termOf = coded.termOf;
    this.rarePositions = coded.rarePositions;
    this.rareTerms = coded.rareTerms;
    this.fieldEnds = coded.fieldEnds;
    this.lengths = coded.lengths;
    this.paperEnds = toPaperEnds(coded.fieldEnds);
    this.positionShift = toPositionShift(coded.words.length);
    this.postingEnds = coded.postingEnds;
    // A paper that ends at a position comes before it.
    this.blockPapers = countBefore(this.paperEnds, coded.words.length, 1);
    this.blockRares = countBefore(coded.rarePositions, coded.words.length, 0);
  }

  get postings(): Uint32Array {
    this.#postings ??= sortPostings(this);
    return this.#postings;
  }

  get codeHashes(): Uint32Array {
    this.#codeHashes ??= this.termOf.map((term) => this.hashes[term] ?? 0);
    return this.#codeHashes;
  }

  get slots(): Uint32Array {
    this.#slots ??= toSlots(this.hashes);
    return this.#slots;
  }

  get nonAsciiTerms(): readonly number[] {
    this.#nonAsciiTerms ??= listNonAsciiTerms(this);
    return this.#nonAsciiTerms;
  }

  prepare(): void {
    this.#postings ??= sortPostings(this);
    this.#slots ??= toSlots(this.hashes);
  }
}

function toPaperEnds(fieldEnds: Uint32Array): Uint32Array {
  const paperEnds = new Uint32Array(fieldEnds.length / FIELDS);
  for (let paper = 0; paper < paperEnds.length; paper += 1)
    paperEnds[paper] = fieldEnds[paper * FIELDS + FIELDS - 1] ?? 0;
  return paperEnds;
}

/** Returns the postings of every term. Those of rare words and of gaps are put at the end first, so the loop over the words has one case. */
function sortPostings({
  words,
  positionShift,
  postingEnds,
  fieldEnds,
  termOf,
  rareTerms,
}: OpenDay): Uint32Array {
  const postings = new Uint32Array(words.length + rareTerms.length);
  // Each term starts where the one before it ends, and goes on from there.
  const nextOfTerm = new Uint32Array(postingEnds.length);
  nextOfTerm.set(postingEnds.subarray(0, -1), 1);
  const nextOfCode = new Uint32Array(ESCAPE + 1);
  for (let code = 1; code < termOf.length; code += 1) nextOfCode[code] = nextOfTerm[termOf[code] ?? 0] ?? 0;
  const end = postingEnds.at(-1) ?? 0;
  nextOfCode[ESCAPE] = end;
  nextOfCode[GAP] = end + rareTerms.length;

  let from = 0;
  for (let slot = 0; slot < fieldEnds.length; slot += 1) {
    const to = fieldEnds[slot] ?? 0;
    addPostings(words, from, to, slot % FIELDS, postings, positionShift, nextOfCode);
    from = to;
  }
  for (let rare = 0; rare < rareTerms.length; rare += 1) {
    const term = rareTerms[rare] ?? 0;
    const at = nextOfTerm[term] ?? 0;
    postings[at] = postings[end + rare] ?? 0;
    nextOfTerm[term] = at + 1;
  }
  return postings.subarray(0, end);
}

/** Adds the postings of one field. It is short so that V8 compiles it early: see ADR 52. */
function addPostings(
  words: Uint16Array,
  from: number,
  to: number,
  field: number,
  postings: Uint32Array,
  positionShift: number,
  nextOfCode: Uint32Array,
): void {
  const nextMask = nextMaskOf(positionShift);
  const fieldBits = field << FIELD_SHIFT;
  // The last word of all is a gap, so it is left out, and each word has a next one.
  const stop = Math.min(to, words.length - 1);
  let word = words[from] ?? 0;
  for (let position = from; position < stop; position += 1) {
    const next = words[position + 1] ?? 0;
    const code = word >>> 1;
    const at = nextOfCode[code] ?? 0;
    nextOfCode[code] = at + 1;
    postings[at] =
      (position << positionShift) | (((next >>> 1) << TERM_SHIFT) & nextMask) | fieldBits | (word & 1);
    word = next;
  }
}

/** Returns the code of a term that occurs. */
export function codeOf({ words, postingEnds, postings, positionShift }: OpenDay, term: number): number {
  const first = (postings[postingEnds[term - 1] ?? 0] ?? 0) >>> positionShift;
  return (words[first] ?? 0) >>> 1;
}

/** Returns the bits of a posting if this code is next. */
export function nextBitsOf(positionShift: number, code: number): number {
  return (code << TERM_SHIFT) & nextMaskOf(positionShift);
}

/** Returns the term at a position. 0 stands for a gap, and for the empty term. */
export function termAt(index: OpenDay, position: number): number {
  const code = (index.words[position] ?? 0) >>> 1;
  return code === ESCAPE ? rareTermAt(index, position) : (index.termOf[code] ?? 0);
}

function rareTermAt({ rarePositions, rareTerms, blockRares }: OpenDay, position: number): number {
  let rare = blockRares[position >>> BLOCK_SHIFT] ?? 0;
  while ((rarePositions[rare] ?? position) < position) rare += 1;
  return rareTerms[rare] ?? 0;
}

/** Returns whether the word at a position is joined to the next one, for example by a hyphen. */
export function isJoinedAt({ words }: OpenDay, position: number): boolean {
  return ((words[position] ?? 0) & 1) === 1;
}

/** The last of the fields that are the text of a paper: its title, abstract and keywords. */
const LAST_TEXT_FIELD = indexedFields.indexOf('keyword');

/** The positions `from` to `to` in `words`, without `to`. */
interface PositionRange {
  readonly from: number;
  readonly to: number;
}

/** Returns the positions of the text of a paper. */
export function textWordsOf({ paperEnds, fieldEnds }: OpenDay, paper: number): PositionRange {
  return { from: paperEnds[paper - 1] ?? 0, to: fieldEnds[paper * FIELDS + LAST_TEXT_FIELD] ?? 0 };
}

/** Returns the field of the word at a position. */
export function fieldAt(index: OpenDay, position: number): number {
  const start = paperAt(index, position) * FIELDS;
  let field = 0;
  while ((index.fieldEnds[start + field] ?? position + 1) <= position) field += 1;
  return field;
}

/** Counts, for each block, the ascending positions that come before its start plus `offset`. */
function countBefore(positions: Uint32Array, wordCount: number, offset: number): Uint32Array {
  const counts = new Uint32Array((wordCount >>> BLOCK_SHIFT) + 1);
  let at = 0;
  for (let block = 0; block < counts.length; block += 1) {
    const start = (block << BLOCK_SHIFT) + offset;
    while (at < positions.length && (positions[at] ?? 0) < start) at += 1;
    counts[block] = at;
  }
  return counts;
}

/** Returns the paper that has a position. */
export function paperAt({ paperEnds, blockPapers }: OpenDay, position: number): number {
  let paper = blockPapers[position >>> BLOCK_SHIFT] ?? 0;
  // Few blocks have words of three papers. The first step has no branch: see ADR 55.
  paper += ((paperEnds[paper] ?? 0) - position - 1) >>> 31;
  while ((paperEnds[paper] ?? position + 1) <= position) paper += 1;
  return paper;
}

/** The postings `from` to `to` in {@link OpenDay.postings}, without `to`. */
export interface PostingRange {
  readonly from: number;
  readonly to: number;
}

/** Returns the postings of a range of terms. */
export function postingsOf({ postingEnds }: OpenDay, { from, to }: TermRange): PostingRange {
  if (from === to) return { from: 0, to: 0 };
  return { from: postingEnds[from - 1] ?? 0, to: postingEnds[to - 1] ?? 0 };
}
