/**
 * Filters for the places of words. The words at these places are far away in memory. A processor fetches several at the same time, if a loop does nothing
 * else and has no branch that it must guess.
 */
import { RARE } from './coded-words.ts';
import { type FieldBits, fieldOf } from './day-index.ts';
import { codeOf, type OpenDay, type PlaceRange } from './open-day.ts';
import type { TermRange } from './terms.ts';

/** A look at a word takes as long as reading so many places in their order, because it is far away in memory. */
export const LOOK_COST = 8;

/** The places of one word after the other. */
let taken = new Uint32Array();

/**
 * Returns those of some places, until the next call, whose entry has the bits `next` of a mask, and is in one of the fields.
 */
export function takePlaces(
  { places, placeShift }: OpenDay,
  { from, to }: PlaceRange,
  mask: number,
  next: number,
  fields: FieldBits,
): Uint32Array {
  if (taken.length < to - from) taken = new Uint32Array(to - from);
  const into = taken;
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const entry = places[at] ?? 0;
    into[count] = entry >>> placeShift;
    // A processor cannot guess which entries fit, so this has no branch. It adds 1 for one that fits, and else 0.
    count += ((((entry & mask) ^ next) - 1) >>> 31) & (fields >>> fieldOf(entry));
  }
  return into.subarray(0, count);
}

/** Keeps those of some places, in the same array, whose word before has the code of a term. */
export function keepAfter(index: OpenDay, places: Uint32Array, term: number): Uint32Array {
  const { words } = index;
  const code = codeOf(index, term);
  let count = 0;
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at] ?? 0;
    places[count] = place;
    // The first word of all follows none. A caller looks at the words again.
    const before = (words[Math.max(place - 1, 0)] ?? 0) >>> 1;
    count += ((before ^ code) - 1) >>> 31;
  }
  return places.subarray(0, count);
}

/** 1 for each code of the terms that may come next. */
const isNext = new Uint8Array(RARE + 1);

/** Keeps those of some places, in the same array, whose next word may be one of some terms. Rare words share a code, so any of them may be. */
export function keepBefore(
  { words, termOf }: OpenDay,
  places: Uint32Array,
  { from, to }: TermRange,
): Uint32Array {
  // It takes less time to look at the words of a few places than at all codes.
  if (places.length * LOOK_COST < termOf.length) return places;
  for (let code = 0; code < termOf.length; code += 1) {
    const term = termOf[code] ?? 0;
    isNext[code] = Number(term >= from && term < to);
  }
  isNext[RARE] = 1;
  let count = 0;
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at] ?? 0;
    places[count] = place;
    count += isNext[(words[place + 1] ?? 0) >>> 1] ?? 0;
  }
  return places.subarray(0, count);
}
