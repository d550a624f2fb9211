import { mayPair } from '../text/analyser.ts';
import { type FieldBits, fieldOf } from './day-index.ts';
import {
  codeOf,
  fieldAt,
  isJoinedAt,
  nextBitsOf,
  nextMaskOf,
  type OpenDay,
  paperAt,
  placesOf,
  termAt,
} from './open-day.ts';
import { createBits, fromBits, NO_PAPERS, type PaperSet, setBit } from './paper-set.ts';
import { keepAfter, keepBefore, LOOK_COST, takePlaces } from './place-filters.ts';
import { findTerm, findTermsFrom, hashOfTerm, type TermRange } from './terms.ts';

/** An index in a window, and the window's number of each of its papers. It is -1 for a paper whose texts are taken from another day. */
export interface WindowDay {
  readonly index: OpenDay;
  readonly numbers: Int32Array;
}

/** The days of a window, and where each of its papers is in them. */
export interface SearchedDays {
  readonly days: readonly WindowDay[];
  readonly paperCount: number;
  /** The day of each paper, as a place in `days`, and its place in that day. */
  readonly dayOf: Uint16Array;
  readonly placeInDay: Uint32Array;
  /** See {@link createTermFilter}. */
  readonly filter: Uint8Array;
}

/** A word of a query, with its hash. */
export interface QueryWord {
  readonly text: string;
  readonly hash: number;
  /** It stands for every word that begins with it. */
  readonly isPrefix: boolean;
}

/** Two words that make one word of a query: `multi` and `modal` for `multimodal`. The second may be a prefix. */
export interface Pair {
  readonly first: QueryWord;
  readonly second: QueryWord;
  /** A text has no space between the two. */
  readonly isJoined: boolean;
}

/** A pair that a text has, in any of its fields. */
export interface FoundPair {
  readonly pair: Pair;
  /** The places of its first word in each day. */
  readonly places: readonly (readonly number[])[];
}

export function toQueryWord(text: string, isPrefix: boolean): QueryWord {
  return { text, hash: hashOfTerm(text), isPrefix };
}

/** Returns the terms of a day that equal a word or, for a prefix, begin with it. */
export function toTerms(index: OpenDay, { text, hash, isPrefix }: QueryWord): TermRange {
  return isPrefix ? findTermsFrom(index, text) : findTerm(index, text, hash);
}

/** Finds the papers that have a word as one word. */
export function findTermPapers(
  { days, paperCount, filter }: SearchedDays,
  word: QueryWord,
  fields: FieldBits,
): PaperSet {
  if (!mayHave(filter, word)) return NO_PAPERS;
  const bits = createBits(paperCount);
  for (const day of days) markTerms(day, toTerms(day.index, word), fields, bits);
  return fromBits(bits);
}

/** Finds the papers that have a word, as one word or as one of its pairs. */
export function findWordPapers(
  { days, paperCount, filter }: SearchedDays,
  word: QueryWord,
  pairs: readonly FoundPair[],
  fields: FieldBits,
): PaperSet {
  const isWord = mayHave(filter, word);
  if (!isWord && pairs.length === 0) return NO_PAPERS;
  const bits = createBits(paperCount);
  if (isWord) for (const day of days) markTerms(day, toTerms(day.index, word), fields, bits);
  for (const { places } of pairs)
    for (const [nth, day] of days.entries()) markPlaces(day, places[nth] ?? [], fields, bits);
  return fromBits(bits);
}

/** Finds the pairs that stand for a word in any text. */
export function findPairs({ days, filter }: SearchedDays, word: QueryWord): readonly FoundPair[] {
  return toPairs(word, filter).flatMap((pair) => {
    const places = days.map(({ index }) => placesOfPair(index, pair));
    return places.some((own) => own.length > 0) ? [{ pair, places }] : [];
  });
}

/** Returns how often all texts have a word as one word. */
export function countOccurrences({ days, filter }: SearchedDays, word: QueryWord): number {
  if (!mayHave(filter, word)) return 0;
  return days.reduce((sum, { index }) => {
    const { from, to } = placesOf(index, toTerms(index, word));
    return sum + to - from;
  }, 0);
}

/** Returns a filter for the terms of some days: a bit for each hash that a term has. Most words that no day has fail it. */
export function createTermFilter(days: readonly WindowDay[]): Uint8Array {
  const terms = days.reduce((sum, { index }) => sum + index.hashes.length, 0);
  const filter = new Uint8Array(2 ** Math.ceil(Math.log2(terms + 1)));
  for (const { index } of days) {
    const { hashes } = index;
    for (let term = 0; term < hashes.length; term += 1) {
      const hash = hashes[term] ?? 0;
      const at = (hash >>> 3) & (filter.length - 1);
      filter[at] = (filter[at] ?? 0) | (1 << (hash & 7));
    }
  }
  return filter;
}

export function mayHave(filter: Uint8Array, { hash, isPrefix }: QueryWord): boolean {
  if (isPrefix) return true;
  return (((filter[(hash >>> 3) & (filter.length - 1)] ?? 0) >>> (hash & 7)) & 1) === 1;
}

/** Returns the ways to split a word in two words that some day may have. Few first parts are words. */
export function toPairs({ text, isPrefix }: QueryWord, filter: Uint8Array): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let at = 1; at < text.length; at += 1) {
    const first = toQueryWord(text.slice(0, at), false);
    if (!mayHave(filter, first)) continue;
    const second = toQueryWord(text.slice(at), isPrefix);
    if (!mayHave(filter, second) || !mayPair(first.text, second.text, true)) continue;
    pairs.push({ first, second, isJoined: !mayPair(first.text, second.text, false, isPrefix) });
  }
  return pairs;
}

/** Marks the papers that have any of some terms in the fields. */
export function markTerms(day: WindowDay, { from, to }: TermRange, fields: FieldBits, bits: Int32Array) {
  for (let term = from; term < to; term += 1) {
    if (isCommonTerm(day.index, term)) markCommonTerm(day, term, fields, bits);
    else markTerm(day, term, fields, bits);
  }
}

function markTerm({ index, numbers }: WindowDay, term: number, fields: FieldBits, bits: Int32Array) {
  const { places, placeShift, placeEnds } = index;
  const end = placeEnds[term] ?? 0;
  for (let at = placeEnds[term - 1] ?? 0; at < end; at += 1) {
    const entry = places[at] ?? 0;
    if (((fields >>> fieldOf(entry)) & 1) === 0) continue;
    const number = numbers[paperAt(index, entry >>> placeShift)] ?? -1;
    if (number >= 0) setBit(bits, number);
  }
}

function markCommonTerm({ index, numbers }: WindowDay, term: number, fields: FieldBits, bits: Int32Array) {
  const { places, placeShift, placeEnds, paperEnds } = index;
  const end = placeEnds[term] ?? 0;
  let paper = -1;
  // A common word is often in a paper. After the first time, the others are skipped with one comparison each.
  let paperEnd = 0;
  for (let at = placeEnds[term - 1] ?? 0; at < end; at += 1) {
    const entry = places[at] ?? 0;
    const place = entry >>> placeShift;
    if (place < paperEnd || ((fields >>> fieldOf(entry)) & 1) === 0) continue;
    paper = paperAfter(index, paper, place);
    paperEnd = paperEnds[paper] ?? 0;
    const number = numbers[paper] ?? -1;
    if (number >= 0) setBit(bits, number);
  }
}

/** Returns whether a term is so common that most papers have it. */
export function isCommonTerm({ placeEnds, paperEnds }: OpenDay, term: number): boolean {
  return (placeEnds[term] ?? 0) - (placeEnds[term - 1] ?? 0) > 2 * paperEnds.length;
}

/** Returns {@link paperAt} of a place after a paper. It takes less time if the place is in one of the next papers. */
export function paperAfter({ paperEnds }: OpenDay, paper: number, place: number): number {
  let next = paper + 1;
  while ((paperEnds[next] ?? place + 1) <= place) next += 1;
  return next;
}

/** Marks the papers that have one of some places in the fields. */
function markPlaces(
  { index, numbers }: WindowDay,
  places: readonly number[],
  fields: FieldBits,
  bits: Int32Array,
) {
  for (const place of places) {
    const number = numbers[paperAt(index, place)] ?? -1;
    if (number >= 0 && ((fields >>> fieldAt(index, place)) & 1) === 1) setBit(bits, number);
  }
}

/** Returns every place of the first word of a pair. It goes through the places of the word that takes less time. */
function placesOfPair(index: OpenDay, pair: Pair): readonly number[] {
  const first = toTerms(index, pair.first);
  if (first.from === first.to) return NO_PLACES;
  const second = toTerms(index, pair.second);
  if (second.from === second.to) return NO_PLACES;
  const found: number[] = [];
  const { placeShift } = index;
  const firsts = placesOf(index, first);
  const seconds = placesOf(index, second);
  // A place of the first word says which word is next, and whether it is joined to it.
  const isOneTerm = second.to - second.from === 1;
  const isKnown = isOneTerm || pair.isJoined;
  const isBackwards =
    (seconds.to - seconds.from) * LOOK_COST < (firsts.to - firsts.from) * (isKnown ? 1 : LOOK_COST);
  const joined = Number(pair.isJoined);
  const mask = isBackwards ? 0 : (isOneTerm ? nextMaskOf(placeShift) : 0) | joined;
  const next = (nextBitsOf(placeShift, codeOf(index, second.from)) | joined) & mask;
  const taken = takePlaces(index, isBackwards ? seconds : firsts, mask, next, ANY_FIELD);
  const fitting = isBackwards ? keepAfter(index, taken, first.from) : keepBefore(index, taken, second);
  for (const afterFirst of fitting) {
    const place = afterFirst - Number(isBackwards);
    if (isBackwards && termAt(index, place) !== first.from) continue;
    if (isPairAt(index, place, pair, second)) found.push(place);
  }
  return found;
}

const ANY_FIELD: FieldBits = ~0;

const NO_PLACES: readonly number[] = [];

/** Returns whether the word after a place is the second one of a pair, and the two may be read as one. */
export function isPairAt(index: OpenDay, place: number, { isJoined }: Pair, second: TermRange): boolean {
  const term = termAt(index, place + 1);
  return term >= second.from && term < second.to && (!isJoined || isJoinedAt(index, place));
}
