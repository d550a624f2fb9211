import { type CodedWords, codeWords, GAP, RARE } from './coded-words.ts';
import { BELOW_TERM, type DayIndex, FIELD_SHIFT, indexedFields, TERM_SHIFT } from './day-index.ts';
import {
  hashTerms,
  listForeignTerms,
  type OpenTerms,
  type SortedTerms,
  type TermRange,
  toSlots,
} from './terms.ts';

/** An index with what a search needs: the places of each term, and a hash table of the terms. */
export interface OpenDay extends CodedWords, OpenTerms {
  /** The hash of the term of each code. Those of frequent terms are side by side in memory. */
  readonly codeHashes: Uint32Array;
  /** Where the words of each paper end in `words`. */
  readonly paperEnds: Uint32Array;
  /**
   * The places in `words` of every term, in ascending order, term by term. The highest bits of an entry are the place. The lowest ones are
   * those of the word, its field and `isJoined`. The bits between are the lowest ones of the next word's code. So most entries are known to
   * fit or not without a look at the words, which are far away in memory.
   */
  readonly places: Uint32Array;
  /** By how many bits a place is shifted in `places`. */
  readonly placeShift: number;
  /** The paper of every 64th place in `words`. */
  readonly blockPapers: Uint32Array;
  /** How many rare words come before every 64th place in `words`. */
  readonly blockRares: Uint32Array;
  /** See {@link listForeignTerms}. */
  readonly foreignTerms: readonly number[];
  /** Computes the places and the hash table, so that no search waits for them. */
  prepare(): void;
}

/** A block has 2 to the power of this places. */
const BLOCK_SHIFT = 6;

const FIELDS = indexedFields.length;

/** A small index has no use for all bits between a place and those of its word. */
const MAX_PLACE_SHIFT = 20;

/** Returns by how many bits the places of so many words are shifted. */
function toPlaceShift(wordCount: number): number {
  return Math.min(MAX_PLACE_SHIFT, Math.clz32(wordCount));
}

/** Returns the bits of an entry that are those of the next word. */
export function nextMaskOf(placeShift: number): number {
  return ((1 << placeShift) - 1) & ~BELOW_TERM;
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
 * An open index. The places, the hash table and the hashes of codes wait until they are needed. A small index that is joined with others
 * never needs them.
 */
class LazyDay implements OpenDay {
  readonly terms: Uint8Array;
  readonly termEnds: Uint32Array;
  readonly hashes: Uint32Array;
  readonly words: Uint16Array;
  readonly termOf: Uint32Array;
  readonly rarePlaces: Uint32Array;
  readonly rareTerms: Uint32Array;
  readonly fieldEnds: Uint32Array;
  readonly lengths: Uint16Array;
  readonly paperEnds: Uint32Array;
  readonly placeShift: number;
  readonly placeEnds: Uint32Array;
  readonly blockPapers: Uint32Array;
  readonly blockRares: Uint32Array;
  private knownPlaces: Uint32Array | undefined;
  private knownSlots: Uint32Array | undefined;
  private knownCodeHashes: Uint32Array | undefined;
  private knownForeignTerms: readonly number[] | undefined;

  constructor({ terms, termEnds }: SortedTerms, coded: CodedWords, hashes: Uint32Array) {
    this.terms = terms;
    this.termEnds = termEnds;
    this.hashes = hashes;
    this.words = coded.words;
    this.termOf = coded.termOf;
    this.rarePlaces = coded.rarePlaces;
    this.rareTerms = coded.rareTerms;
    this.fieldEnds = coded.fieldEnds;
    this.lengths = coded.lengths;
    this.paperEnds = toPaperEnds(coded.fieldEnds);
    this.placeShift = toPlaceShift(coded.words.length);
    this.placeEnds = coded.placeEnds;
    // A paper that ends at a place comes before it.
    this.blockPapers = countBefore(this.paperEnds, coded.words.length, 1);
    this.blockRares = countBefore(coded.rarePlaces, coded.words.length, 0);
    this.knownPlaces = undefined;
    this.knownSlots = undefined;
    this.knownCodeHashes = undefined;
    this.knownForeignTerms = undefined;
  }

  get places(): Uint32Array {
    this.knownPlaces ??= sortPlaces(this);
    return this.knownPlaces;
  }

  get codeHashes(): Uint32Array {
    this.knownCodeHashes ??= this.termOf.map((term) => this.hashes[term] ?? 0);
    return this.knownCodeHashes;
  }

  get slots(): Uint32Array {
    this.knownSlots ??= toSlots(this.hashes);
    return this.knownSlots;
  }

  get foreignTerms(): readonly number[] {
    this.knownForeignTerms ??= listForeignTerms(this);
    return this.knownForeignTerms;
  }

  prepare(): void {
    this.knownPlaces ??= sortPlaces(this);
    this.knownSlots ??= toSlots(this.hashes);
  }
}

function toPaperEnds(fieldEnds: Uint32Array): Uint32Array {
  const paperEnds = new Uint32Array(fieldEnds.length / FIELDS);
  for (let paper = 0; paper < paperEnds.length; paper += 1)
    paperEnds[paper] = fieldEnds[paper * FIELDS + FIELDS - 1] ?? 0;
  return paperEnds;
}

/** Returns the places of every term. Entries of rare words and of gaps come last at first, so the loop over the words has one case. */
function sortPlaces({ words, placeShift, placeEnds, fieldEnds, termOf, rareTerms }: OpenDay): Uint32Array {
  const places = new Uint32Array(words.length + rareTerms.length);
  // Each term starts where the one before it ends, and goes on from there.
  const nextOfTerm = new Uint32Array(placeEnds.length);
  nextOfTerm.set(placeEnds.subarray(0, -1), 1);
  const nextOfCode = new Uint32Array(RARE + 1);
  for (let code = 1; code < termOf.length; code += 1) nextOfCode[code] = nextOfTerm[termOf[code] ?? 0] ?? 0;
  const end = placeEnds.at(-1) ?? 0;
  nextOfCode[RARE] = end;
  nextOfCode[GAP] = end + rareTerms.length;

  let from = 0;
  for (let slot = 0; slot < fieldEnds.length; slot += 1) {
    const to = fieldEnds[slot] ?? 0;
    notePlaces(words, from, to, slot % FIELDS, places, placeShift, nextOfCode);
    from = to;
  }
  for (let rare = 0; rare < rareTerms.length; rare += 1) {
    const term = rareTerms[rare] ?? 0;
    const at = nextOfTerm[term] ?? 0;
    places[at] = places[end + rare] ?? 0;
    nextOfTerm[term] = at + 1;
  }
  return places.subarray(0, end);
}

/** Notes the places of the words of one field. V8 compiles a short function that is called often sooner than a long loop. */
function notePlaces(
  words: Uint16Array,
  from: number,
  to: number,
  field: number,
  places: Uint32Array,
  placeShift: number,
  nextOfCode: Uint32Array,
): void {
  const nextMask = nextMaskOf(placeShift);
  const fieldBits = field << FIELD_SHIFT;
  // The last word of all is a gap, so it is left out, and each word has a next one.
  const stop = Math.min(to, words.length - 1);
  let word = words[from] ?? 0;
  for (let place = from; place < stop; place += 1) {
    const next = words[place + 1] ?? 0;
    const code = word >>> 1;
    const at = nextOfCode[code] ?? 0;
    nextOfCode[code] = at + 1;
    places[at] = (place << placeShift) | (((next >>> 1) << TERM_SHIFT) & nextMask) | fieldBits | (word & 1);
    word = next;
  }
}

/** Returns the code of a term that occurs. */
export function codeOf({ words, placeEnds, places, placeShift }: OpenDay, term: number): number {
  const first = (places[placeEnds[term - 1] ?? 0] ?? 0) >>> placeShift;
  return (words[first] ?? 0) >>> 1;
}

/** Returns the bits that an entry in `places` has if this code is next. */
export function nextBitsOf(placeShift: number, code: number): number {
  return (code << TERM_SHIFT) & nextMaskOf(placeShift);
}

/** Returns the term at a place in `words`. 0 stands for a gap, and for the empty term. */
export function termAt(index: OpenDay, place: number): number {
  const code = (index.words[place] ?? 0) >>> 1;
  return code === RARE ? rareTermAt(index, place) : (index.termOf[code] ?? 0);
}

function rareTermAt({ rarePlaces, rareTerms, blockRares }: OpenDay, place: number): number {
  let rare = blockRares[place >>> BLOCK_SHIFT] ?? 0;
  while ((rarePlaces[rare] ?? place) < place) rare += 1;
  return rareTerms[rare] ?? 0;
}

/** Returns whether only a hyphen, or nothing, is between the word at a place and the next one. */
export function isJoinedAt({ words }: OpenDay, place: number): boolean {
  return ((words[place] ?? 0) & 1) === 1;
}

/** The last of the fields that are the text of a paper: its title, abstract and keywords. */
const LAST_TEXT_FIELD = indexedFields.indexOf('keyword');

/** Returns where the text of a paper is in `words`. */
export function textWordsOf({ paperEnds, fieldEnds }: OpenDay, paper: number): PlaceRange {
  return { from: paperEnds[paper - 1] ?? 0, to: fieldEnds[paper * FIELDS + LAST_TEXT_FIELD] ?? 0 };
}

/** Returns the field of the word at a place. */
export function fieldAt(index: OpenDay, place: number): number {
  const start = paperAt(index, place) * FIELDS;
  let field = 0;
  while ((index.fieldEnds[start + field] ?? place + 1) <= place) field += 1;
  return field;
}

/** Returns how many of some ascending places come before the start of each block, or before so many places after it. */
function countBefore(places: Uint32Array, wordCount: number, after: number): Uint32Array {
  const counts = new Uint32Array((wordCount >>> BLOCK_SHIFT) + 1);
  let at = 0;
  for (let block = 0; block < counts.length; block += 1) {
    const start = (block << BLOCK_SHIFT) + after;
    while (at < places.length && (places[at] ?? 0) < start) at += 1;
    counts[block] = at;
  }
  return counts;
}

/** Returns the paper that a place in `words` belongs to. */
export function paperAt({ paperEnds, blockPapers }: OpenDay, place: number): number {
  let paper = blockPapers[place >>> BLOCK_SHIFT] ?? 0;
  // Few blocks have words of three papers. A processor cannot guess which of two it is, so the first step has no branch.
  paper += ((paperEnds[paper] ?? 0) - place - 1) >>> 31;
  while ((paperEnds[paper] ?? place + 1) <= place) paper += 1;
  return paper;
}

/**
 * Returns where the first value that is at least `value` stands in a part of an ascending array, or `end`. It takes growing steps from `at`
 * on, because what a search looks for next is often near.
 */
export function skipTo(values: Uint32Array, value: number, at: number, end: number): number {
  let low = at;
  let step = 1;
  while (low + step < end && (values[low + step] ?? 0) < value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(end, low + step + 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the places of some terms are: `from` to `to` in {@link OpenDay.places}, without `to`. */
export interface PlaceRange {
  readonly from: number;
  readonly to: number;
}

/** Returns where the places of some terms are. */
export function placesOf({ placeEnds }: OpenDay, { from, to }: TermRange): PlaceRange {
  if (from === to) return { from: 0, to: 0 };
  return { from: placeEnds[from - 1] ?? 0, to: placeEnds[to - 1] ?? 0 };
}
