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
  postingsOf,
  termAt,
} from './open-day.ts';
import { createBits, fromBits, NO_PAPERS, type PaperSet, setBit } from './paper-set.ts';
import { keepAfter, keepBefore, LOOK_COST, takePositions } from './position-filters.ts';
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
  /** The day of each paper, as an index into `days`, and the index of the paper in that day. */
  readonly dayOf: Uint16Array;
  readonly indexInDay: Uint32Array;
  /** See {@link createBloomFilter}. */
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
  /** The positions of its first word in each day. */
  readonly positions: readonly (readonly number[])[];
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
  for (const { positions } of pairs)
    for (const [nth, day] of days.entries()) markPositions(day, positions[nth] ?? [], fields, bits);
  return fromBits(bits);
}

/** Finds the pairs that stand for a word in any text. */
export function findPairs({ days, filter }: SearchedDays, word: QueryWord): readonly FoundPair[] {
  return toPairs(word, filter).flatMap((pair) => {
    const positions = days.map(({ index }) => positionsOfPair(index, pair));
    return positions.some((inDay) => inDay.length > 0) ? [{ pair, positions }] : [];
  });
}

/** Counts the occurrences of a word, as one word, in all texts. */
export function countOccurrences({ days, filter }: SearchedDays, word: QueryWord): number {
  if (!mayHave(filter, word)) return 0;
  return days.reduce((sum, { index }) => {
    const { from, to } = postingsOf(index, toTerms(index, word));
    return sum + to - from;
  }, 0);
}

/** Returns a Bloom filter of the terms of the days, with one hash function. Most words that no day has fail it. */
export function createBloomFilter(days: readonly WindowDay[]): Uint8Array {
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

/** Returns the ways to split a word into two words that the days may have. Few first parts are words. */
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

/** Marks the papers that have any of the terms in the fields. */
export function markTerms(day: WindowDay, { from, to }: TermRange, fields: FieldBits, bits: Int32Array) {
  for (let term = from; term < to; term += 1) {
    if (isCommonTerm(day.index, term)) markCommonTerm(day, term, fields, bits);
    else markTerm(day, term, fields, bits);
  }
}

function markTerm({ index, numbers }: WindowDay, term: number, fields: FieldBits, bits: Int32Array) {
  const { postings, positionShift, postingEnds } = index;
  const end = postingEnds[term] ?? 0;
  for (let at = postingEnds[term - 1] ?? 0; at < end; at += 1) {
    const posting = postings[at] ?? 0;
    if (((fields >>> fieldOf(posting)) & 1) === 0) continue;
    const number = numbers[paperAt(index, posting >>> positionShift)] ?? -1;
    if (number >= 0) setBit(bits, number);
  }
}

function markCommonTerm({ index, numbers }: WindowDay, term: number, fields: FieldBits, bits: Int32Array) {
  const { postings, positionShift, postingEnds, paperEnds } = index;
  const end = postingEnds[term] ?? 0;
  let paper = -1;
  // A common word occurs often in one paper. After the first occurrence, each of the others costs one comparison.
  let paperEnd = 0;
  for (let at = postingEnds[term - 1] ?? 0; at < end; at += 1) {
    const posting = postings[at] ?? 0;
    const position = posting >>> positionShift;
    if (position < paperEnd || ((fields >>> fieldOf(posting)) & 1) === 0) continue;
    paper = paperAfter(index, paper, position);
    paperEnd = paperEnds[paper] ?? 0;
    const number = numbers[paper] ?? -1;
    if (number >= 0) setBit(bits, number);
  }
}

/** Returns whether a term is so common that most papers have it. */
export function isCommonTerm({ postingEnds, paperEnds }: OpenDay, term: number): boolean {
  return (postingEnds[term] ?? 0) - (postingEnds[term - 1] ?? 0) > 2 * paperEnds.length;
}

/** Returns {@link paperAt} of a position after a paper. It is faster if one of the next papers has the position. */
export function paperAfter({ paperEnds }: OpenDay, paper: number, position: number): number {
  let next = paper + 1;
  while ((paperEnds[next] ?? position + 1) <= position) next += 1;
  return next;
}

/** Marks the papers that have one of the positions in the fields. */
function markPositions(
  { index, numbers }: WindowDay,
  positions: readonly number[],
  fields: FieldBits,
  bits: Int32Array,
) {
  for (const position of positions) {
    const number = numbers[paperAt(index, position)] ?? -1;
    if (number >= 0 && ((fields >>> fieldAt(index, position)) & 1) === 1) setBit(bits, number);
  }
}

/** Returns every position of the first word of a pair. It scans the postings of the word that is cheaper to scan. */
function positionsOfPair(index: OpenDay, pair: Pair): readonly number[] {
  const first = toTerms(index, pair.first);
  if (first.from === first.to) return NO_POSITIONS;
  const second = toTerms(index, pair.second);
  if (second.from === second.to) return NO_POSITIONS;
  const found: number[] = [];
  const { positionShift } = index;
  const firsts = postingsOf(index, first);
  const seconds = postingsOf(index, second);
  // A posting of the first word says which word is next, and whether the two are joined.
  const isOneTerm = second.to - second.from === 1;
  const isKnown = isOneTerm || pair.isJoined;
  const isBackwards =
    (seconds.to - seconds.from) * LOOK_COST < (firsts.to - firsts.from) * (isKnown ? 1 : LOOK_COST);
  const joined = Number(pair.isJoined);
  const nextMask = isOneTerm ? nextMaskOf(positionShift) : 0;
  const mask = isBackwards ? 0 : nextMask | joined;
  const next = (nextBitsOf(positionShift, codeOf(index, second.from)) | joined) & mask;
  const taken = takePositions(index, isBackwards ? seconds : firsts, mask, next, ANY_FIELD);
  const fitting = isBackwards ? keepAfter(index, taken, first.from) : keepBefore(index, taken, second);
  for (const afterFirst of fitting) {
    const position = afterFirst - Number(isBackwards);
    if (isBackwards && termAt(index, position) !== first.from) continue;
    if (isPairAt(index, position, pair, second)) found.push(position);
  }
  return found;
}

const ANY_FIELD: FieldBits = ~0;

const NO_POSITIONS: readonly number[] = [];

/** Returns whether the word after a position is the second one of a pair, and the two may be read as one. */
export function isPairAt(index: OpenDay, position: number, { isJoined }: Pair, second: TermRange): boolean {
  const term = termAt(index, position + 1);
  return term >= second.from && term < second.to && (!isJoined || isJoinedAt(index, position));
}
