import { BELOW_TERM, type DayIndex, fieldOf, indexedFields, TERM_SHIFT } from './day-index.ts';
import { hashTerms, type OpenTerms, type TermRange, toSlots } from './terms.ts';

/** An index with what a search needs: the places of each term, and a hash table of the terms. */
export interface OpenDay extends DayIndex, OpenTerms {
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
  /** The paper of every 64th place in `words`. */
  readonly blockPapers: Uint32Array;
  /** How many words each field of each paper has: those of the first paper in the order of `indexedFields`, and so on. */
  readonly lengths: Uint16Array;
  /** Computes the places and the hash table, so that no search waits for them. */
  prepare(): void;
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
export interface KnownOfDay {
  /** Where the places of each term end: the sum of how often each term up to it occurs. */
  readonly placeEnds: Uint32Array;
  readonly lengths: OpenDay['lengths'];
  /** @default computed */
  readonly hashes?: Uint32Array;
}

/** Opens an index for searches. It takes a few nanoseconds for each word, less than storing the result would. */
export function openDay(
  index: DayIndex,
  known: KnownOfDay = { placeEnds: toEnds(countTerms(index)), lengths: toLengths(index) },
): OpenDay {
  return new LazyDay(index, known);
}

/** An open index. The places and the hash table wait until they are needed, because a small index that is joined with others never needs them. */
class LazyDay implements OpenDay {
  readonly terms: Uint8Array;
  readonly termEnds: Uint32Array;
  readonly words: Uint32Array;
  readonly paperEnds: Uint32Array;
  readonly hashes: Uint32Array;
  readonly placeShift: number;
  readonly placeEnds: Uint32Array;
  readonly blockPapers: Uint32Array;
  readonly lengths: Uint16Array;
  private knownPlaces: Uint32Array | undefined;
  private knownSlots: Uint32Array | undefined;

  constructor(index: DayIndex, { placeEnds, lengths, hashes = hashTerms(index) }: KnownOfDay) {
    this.terms = index.terms;
    this.termEnds = index.termEnds;
    this.words = index.words;
    this.paperEnds = index.paperEnds;
    this.hashes = hashes;
    this.placeShift = toPlaceShift(index.words.length);
    this.placeEnds = placeEnds;
    this.blockPapers = toBlockPapers(index);
    this.lengths = lengths;
    this.knownPlaces = undefined;
    this.knownSlots = undefined;
  }

  get places(): Uint32Array {
    this.knownPlaces ??= sortPlaces(this);
    return this.knownPlaces;
  }

  get slots(): Uint32Array {
    this.knownSlots ??= toSlots(this.hashes);
    return this.knownSlots;
  }

  prepare(): void {
    this.knownPlaces ??= sortPlaces(this);
    this.knownSlots ??= toSlots(this.hashes);
  }
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

function sortPlaces({ words, paperEnds, placeEnds, placeShift }: OpenDay): Uint32Array {
  const places = new Uint32Array(words.length);
  // Each term starts where the one before it ends, and goes on from there.
  const nextOf = new Uint32Array(placeEnds.length);
  nextOf.set(placeEnds.subarray(0, -1), 1);
  let from = 0;
  for (let paper = 0; paper < paperEnds.length; paper += 1) {
    const to = paperEnds[paper] ?? 0;
    notePlaces(words, from, to, places, placeShift, nextOf);
    from = to;
  }
  return places;
}

/** Notes the places of the words of one paper. V8 compiles a short function that is called often sooner than a long loop. */
function notePlaces(
  words: Uint32Array,
  from: number,
  to: number,
  places: Uint32Array,
  placeShift: number,
  nextOf: Uint32Array,
): void {
  const nextMask = nextMaskOf(placeShift);
  let word = words[from] ?? 0;
  for (let place = from; place < to; place += 1) {
    const next = place + 1 < words.length ? (words[place + 1] ?? 0) : 0;
    const term = word >>> TERM_SHIFT;
    const at = nextOf[term] ?? 0;
    places[at] = (place << placeShift) | (next & nextMask) | (word & BELOW_TERM);
    nextOf[term] = at + 1;
    word = next;
  }
}

/** Returns where each of some stretches ends that follow each other. */
export function toEnds(lengths: Uint32Array): Uint32Array {
  const ends = new Uint32Array(lengths.length);
  let end = 0;
  for (let at = 0; at < lengths.length; at += 1) {
    end += lengths[at] ?? 0;
    ends[at] = end;
  }
  return ends;
}

/** Returns how long each of some stretches is that follow each other. */
export function lengthsOf(ends: Uint32Array): Uint32Array {
  const lengths = new Uint32Array(ends.length);
  let start = 0;
  for (let at = 0; at < ends.length; at += 1) {
    const end = ends[at] ?? 0;
    lengths[at] = end - start;
    start = end;
  }
  return lengths;
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
