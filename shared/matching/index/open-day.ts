import { BELOW_TERM, type DayIndex, fieldOf, indexedFields, TERM_SHIFT } from './day-index.ts';
import { type OpenTerms, openTerms, type TermRange } from './terms.ts';

/** The places of the terms of an index. */
export interface SortedPlaces {
  /**
   * The places in `words` of every term, in ascending order, term by term. The highest bits of an entry are the place. The lowest ones are
   * those of the word, its field and `isJoined`. The bits between are the lowest ones of the next word's term. So most entries are known to
   * fit or not without a look at the words, which are far away in memory.
   */
  readonly places: Uint32Array;
  /** By how many bits a place is shifted in `places`. */
  readonly placeShift: number;
  /** Where the places of each term end in `places`. */
  readonly placeEnds: Uint32Array;
}

/** An index with what a search needs: the places of each term, and a hash table of the terms. */
export interface OpenDay extends DayIndex, SortedPlaces, OpenTerms {
  /** The paper of every 64th place in `words`. */
  readonly blockPapers: Uint32Array;
  /** How many words each field of each paper has: those of the first paper in the order of `indexedFields`, and so on. */
  readonly lengths: Uint16Array;
}

/** A block has 2 to the power of this places. */
const BLOCK_SHIFT = 6;

/** A small index has no use for all bits between a place and those of its word. */
const MAX_PLACE_SHIFT = 20;

/** Returns by how many bits the places of so many words are shifted. */
export function toPlaceShift(wordCount: number): number {
  return Math.min(MAX_PLACE_SHIFT, Math.clz32(wordCount));
}

/** Returns the bits of an entry that are those of the next word. */
export function nextMaskOf(placeShift: number): number {
  return ((1 << placeShift) - 1) & ~BELOW_TERM;
}

/**
 * Opens an index for searches. It takes a few nanoseconds for each word, less than storing the result would.
 *
 * @param known the places of its terms and the lengths of its fields, if they are known
 */
export function openDay(
  index: DayIndex,
  known: SortedPlaces & Pick<OpenDay, 'lengths'> = { ...sortPlaces(index), lengths: toLengths(index) },
): OpenDay {
  return { ...index, ...known, ...openTerms(index), blockPapers: toBlockPapers(index) };
}

/** Longer fields count as so long. */
export const MAX_LENGTH = 0xffff;

function toLengths({ words, paperEnds }: DayIndex): Uint16Array {
  const fields = indexedFields.length;
  const lengths = new Uint16Array(paperEnds.length * fields);
  let place = 0;
  for (let paper = 0; paper < paperEnds.length; paper += 1) {
    const end = paperEnds[paper] ?? 0;
    for (; place < end; place += 1) {
      const word = words[place] ?? 0;
      // The gap after a field is no word.
      if (word >>> TERM_SHIFT === 0) continue;
      const at = paper * fields + fieldOf(word);
      const length = lengths[at] ?? 0;
      if (length < MAX_LENGTH) lengths[at] = length + 1;
    }
  }
  return lengths;
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
  const placeShift = toPlaceShift(words.length);
  const nextMask = nextMaskOf(placeShift);
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? 0;
    const next = (words[place + 1] ?? 0) & nextMask;
    places[count(placeEnds, word >>> TERM_SHIFT)] = (place << placeShift) | next | (word & BELOW_TERM);
  }
  return { places, placeShift, placeEnds };
}

/** Adds one, and returns what was there before. */
function count(counts: Uint32Array, at: number): number {
  const before = counts[at] ?? 0;
  counts[at] = before + 1;
  return before;
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
