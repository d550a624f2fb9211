import { BELOW_TERM, type DayIndex, fieldOf, indexedFields, TERM_SHIFT } from './day-index.ts';
import { type OpenTerms, openTerms, type TermRange } from './terms.ts';

/** The places of the terms of an index. */
interface SortedPlaces {
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
function toPlaceShift(wordCount: number): number {
  return Math.min(MAX_PLACE_SHIFT, Math.clz32(wordCount));
}

/** Returns the bits of an entry that are those of the next word. */
export function nextMaskOf(placeShift: number): number {
  return ((1 << placeShift) - 1) & ~BELOW_TERM;
}

/** What may be known of an index before it is opened. */
export interface KnownCounts {
  /** How often each term occurs. */
  readonly termCounts: Uint32Array;
  readonly lengths: OpenDay['lengths'];
}

/** Opens an index for searches. It takes a few nanoseconds for each word, less than storing the result would. */
export function openDay(
  index: DayIndex,
  { termCounts, lengths }: KnownCounts = { termCounts: countTerms(index), lengths: toLengths(index) },
): OpenDay {
  return {
    ...{ ...index, lengths },
    ...sortPlaces(index, termCounts),
    ...openTerms(index),
    blockPapers: toBlockPapers(index),
  };
}

/** Returns how often each term occurs. */
export function countTerms({ words, termEnds }: DayIndex): Uint32Array {
  const counts = new Uint32Array(termEnds.length);
  for (let place = 0; place < words.length; place += 1) {
    const term = (words[place] ?? 0) >>> TERM_SHIFT;
    counts[term] = (counts[term] ?? 0) + 1;
  }
  return counts;
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

function sortPlaces({ words }: DayIndex, termCounts: Uint32Array): SortedPlaces {
  const placeEnds = toStarts(termCounts);
  const places = new Uint32Array(words.length);
  const placeShift = toPlaceShift(words.length);
  const nextMask = nextMaskOf(placeShift);
  let word = words[0] ?? 0;
  for (let place = 0; place < words.length; place += 1) {
    const next = words[place + 1] ?? 0;
    const term = word >>> TERM_SHIFT;
    const at = placeEnds[term] ?? 0;
    places[at] = (place << placeShift) | (next & nextMask) | (word & BELOW_TERM);
    placeEnds[term] = at + 1;
    word = next;
  }
  // Each term started where the one before it ends, and was counted on to its own end.
  return { places, placeShift, placeEnds };
}

/** Returns where each term starts in the places. */
function toStarts(termCounts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(termCounts.length);
  let start = 0;
  for (let term = 0; term < termCounts.length; term += 1) {
    starts[term] = start;
    start += termCounts[term] ?? 0;
  }
  return starts;
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
