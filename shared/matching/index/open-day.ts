import { type DayIndex, fieldOf, TERM_SHIFT } from './day-index.ts';

/** The terms `from` to `to`, without `to`. Empty if they are equal. */
export interface TermRange {
  readonly from: number;
  readonly to: number;
}

/** The places of the terms of an index. */
export interface SortedPlaces {
  /**
   * The places in `words` of every term, in ascending order, term by term, each with its field as `place << 3 | field`. So the field is
   * known without a look at the word, which is far away in memory.
   */
  readonly places: Uint32Array;
  /** Where the places of each term end in `places`. */
  readonly placeEnds: Uint32Array;
}

/** An index with what a search needs: the places of each term, and a hash table of the terms. */
export interface OpenDay extends DayIndex, SortedPlaces {
  /** The terms at their hashes, or at the next free slot. 0 is a free slot. */
  readonly slots: Uint32Array;
  /** The hash of each term. */
  readonly hashes: Uint32Array;
  /** The paper of every 64th place in `words`. */
  readonly blockPapers: Uint32Array;
}

/** A block has 2 to the power of this places. */
const BLOCK_SHIFT = 6;

export const PLACE_SHIFT = 3;
const PLACE_FIELD_MASK = 0b111;

/** Returns the field of an entry of {@link OpenDay.places}. */
export function fieldOfPlace(entry: number): number {
  return entry & PLACE_FIELD_MASK;
}

export const NO_TERMS: TermRange = { from: 0, to: 0 };

/**
 * Opens an index for searches. It takes a few nanoseconds for each word, less than storing the result would.
 *
 * @param sorted the places of its terms, if they are known
 */
export function openDay(index: DayIndex, sorted: SortedPlaces = sortPlaces(index)): OpenDay {
  const { terms, termEnds } = index;
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * termEnds.length)));
  const hashes = new Uint32Array(termEnds.length);
  for (let term = 1; term < termEnds.length; term += 1) {
    let slot = hashOf(terms, termEnds[term - 1] ?? 0, termEnds[term] ?? 0);
    hashes[term] = slot;
    while (slots[slot & (slots.length - 1)] !== 0) slot += 1;
    slots[slot & (slots.length - 1)] = term;
  }
  const { places, placeEnds } = sorted;
  return { ...index, places, placeEnds, slots, hashes, blockPapers: toBlockPapers(index) };
}

function sortPlaces({ words, termEnds }: DayIndex): SortedPlaces {
  const placeEnds = new Uint32Array(termEnds.length);
  for (const word of words) count(placeEnds, word >>> TERM_SHIFT);
  let total = 0;
  for (let term = 0; term < placeEnds.length; term += 1) {
    const found = placeEnds[term] ?? 0;
    placeEnds[term] = total;
    total += found;
  }
  // Each term starts where the one before it ends. Counting on from there leaves the end of each.
  const places = new Uint32Array(words.length);
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? 0;
    places[count(placeEnds, word >>> TERM_SHIFT)] = (place << PLACE_SHIFT) | fieldOf(word);
  }
  return { places, placeEnds };
}

/** Adds one, and returns what was there before. */
function count(counts: Uint32Array, at: number): number {
  const before = counts[at] ?? 0;
  counts[at] = before + 1;
  return before;
}

/** Returns the hash of a part of a text (FNV-1a over UTF-16 units). */
export function hashOf(text: string, start = 0, end = text.length): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Returns the term that equals a word, as a range. The caller computes the hash once for all days. */
export function findTerm(day: OpenDay, word: string, hash: number): TermRange {
  const { slots, terms, termEnds } = day;
  for (let slot = hash; ; slot += 1) {
    const term = slots[slot & (slots.length - 1)] ?? 0;
    if (term === 0) return NO_TERMS;
    const start = termEnds[term - 1] ?? 0;
    if ((termEnds[term] ?? 0) - start === word.length && terms.startsWith(word, start))
      return { from: term, to: term + 1 };
  }
}

/** Returns the terms that start with some characters. */
export function findTermsFrom(day: OpenDay, prefix: string): TermRange {
  const from = findFirst(day, (term) => term >= prefix);
  const to = findFirst(day, (term) => term >= prefix && !term.startsWith(prefix), from);
  return { from, to };
}

/** Returns the first term at or after `from` for which a test holds, if it holds for every later one. */
function findFirst(day: OpenDay, test: (term: string) => boolean, from = 0): number {
  let low = from;
  let high = day.termEnds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(textOf(day, middle))) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns the text of a term. */
export function textOf({ terms, termEnds }: DayIndex, term: number): string {
  return terms.slice(termEnds[term - 1] ?? 0, termEnds[term]);
}

function toBlockPapers({ words, paperEnds }: DayIndex): Uint32Array {
  const blockPapers = new Uint32Array((words.length >>> BLOCK_SHIFT) + 1);
  let paper = 0;
  for (let block = 0; block < blockPapers.length; block += 1) {
    while (paper < paperEnds.length - 1 && (paperEnds[paper] ?? 0) <= block << BLOCK_SHIFT) paper += 1;
    blockPapers[block] = paper;
  }
  return blockPapers;
}

/** Returns the paper that a place in `words` belongs to. */
export function paperAt({ paperEnds, blockPapers }: OpenDay, place: number): number {
  let paper = blockPapers[place >>> BLOCK_SHIFT] ?? 0;
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
