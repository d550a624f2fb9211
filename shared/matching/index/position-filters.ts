/**
 * Filters for the positions of words. Reading a word is often a cache miss. The processor can have several of them in flight, but only in a
 * short loop without branches. See ADR 55.
 */

import { type FieldBits, fieldOf } from './day-index.ts';
import { codeOf, type OpenDay, type PostingRange } from './open-day.ts';
import type { TermRange } from './terms.ts';
import { ESCAPE } from './word-codes.ts';

/** Reading a word takes as long as reading this many postings in sequence, because it is often a cache miss. */
export const LOOK_COST = 8;

/** A scratch buffer for the positions of one word at a time. */
let scratch = new Uint32Array();

/**
 * Returns the positions of the postings that have the bits `next` under the mask and are in one of the fields. The result is valid until
 * the next call.
 */
export function takePositions(
  { postings, positionShift }: OpenDay,
  { from, to }: PostingRange,
  mask: number,
  next: number,
  fields: FieldBits,
): Uint32Array {
  if (scratch.length < to - from) scratch = new Uint32Array(to - from);
  const into = scratch;
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const posting = postings[at] ?? 0;
    into[count] = posting >>> positionShift;
    // Adds 1 for a posting that fits, otherwise 0.
    count += ((((posting & mask) ^ next) - 1) >>> 31) & (fields >>> fieldOf(posting));
  }
  return into.subarray(0, count);
}

/** Keeps, in the same array, the positions whose preceding word has the code of a term. */
export function keepAfter(index: OpenDay, positions: Uint32Array, term: number): Uint32Array {
  const { words } = index;
  const code = codeOf(index, term);
  let count = 0;
  for (let at = 0; at < positions.length; at += 1) {
    const position = positions[at] ?? 0;
    positions[count] = position;
    // The first word has none before it. Callers check the words again.
    const before = (words[Math.max(position - 1, 0)] ?? 0) >>> 1;
    count += ((before ^ code) - 1) >>> 31;
  }
  return positions.subarray(0, count);
}

/** 1 for each code of the terms that may come next. */
const isNext = new Uint8Array(ESCAPE + 1);

/** Keeps, in the same array, the positions whose next word may be one of the terms. Rare words share a code, so all of them pass. */
export function keepBefore(
  { words, termOf }: OpenDay,
  positions: Uint32Array,
  { from, to }: TermRange,
): Uint32Array {
  // Checking the words of a few positions is faster than going through all codes.
  if (positions.length * LOOK_COST < termOf.length) return positions;
  for (let code = 0; code < termOf.length; code += 1) {
    const term = termOf[code] ?? 0;
    isNext[code] = Number(term >= from && term < to);
  }
  isNext[ESCAPE] = 1;
  let count = 0;
  for (let at = 0; at < positions.length; at += 1) {
    const position = positions[at] ?? 0;
    positions[count] = position;
    count += isNext[(words[position + 1] ?? 0) >>> 1] ?? 0;
  }
  return positions.subarray(0, count);
}
