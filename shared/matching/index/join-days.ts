import { addRare, codesOf, RARE, type RareWords, toArrays, toEnds, toTermOf } from './coded-words.ts';
import { type OpenDay, openWords } from './open-day.ts';
import { uniteTerms } from './unite-terms.ts';
import type { WindowDay } from './word-papers.ts';

/** Only days with at most so many papers are joined. */
const MAX_SMALL = 500;

/** Joined days have at most so many papers. So a new paper costs little, because only the days beside its own are joined again. */
const MAX_JOINED = 2_000;

/**
 * Joins small days that follow each other, so that a search looks a word up in a few indexes and not in hundreds. It keeps larger days as
 * they are.
 */
export function joinSmallDays(days: readonly WindowDay[]): readonly WindowDay[] {
  const groups: WindowDay[][] = [];
  let room = 0;
  for (const day of days) {
    const papers = day.numbers.length;
    const isSmall = papers <= MAX_SMALL;
    if (groups.length === 0 || !isSmall || papers > room) {
      groups.push([]);
      room = isSmall ? MAX_JOINED : 0;
    }
    groups.at(-1)?.push(day);
    room -= papers;
  }
  return groups.map(joinDays);
}

function joinDays(days: readonly WindowDay[]): WindowDay {
  const [first] = days;
  if (first && days.length === 1) return first;
  return {
    index: joinIndexes(days.map(({ index }) => index)),
    numbers: Int32Array.from(days.flatMap(({ numbers }) => [...numbers])),
  };
}

/** The indexes that were joined last, by the first one of them. A corpus with a new day has most of them again. */
const known = new WeakMap<OpenDay, { readonly indexes: readonly OpenDay[]; readonly joined: OpenDay }>();

function joinIndexes(indexes: readonly OpenDay[]): OpenDay {
  const [first] = indexes;
  const before = first && known.get(first);
  const isSame =
    before?.indexes.length === indexes.length && indexes.every((index, at) => index === before.indexes[at]);
  if (isSame) return before.joined;
  const joined = uniteIndexes(indexes);
  if (first) known.set(first, { indexes, joined });
  return joined;
}

/** Returns one index of the papers of several, in their order. */
function uniteIndexes(indexes: readonly OpenDay[]): OpenDay {
  const { placesOf, hashes, ...terms } = uniteTerms(indexes);
  const termCounts = new Uint32Array(terms.termEnds.length);
  for (const [nth, index] of indexes.entries())
    addCounts(index.placeEnds, placesOf[nth] ?? NO_NUMBERS, termCounts);
  const placeEnds = toEnds(termCounts);
  const termOf = toTermOf(placeEnds);
  const codes = codesOf(termOf, placeEnds.length);
  const words = new Uint16Array(sumOf(indexes, (index) => index.words.length));
  const fieldEnds = new Uint32Array(sumOf(indexes, (index) => index.fieldEnds.length));
  const lengths = new Uint16Array(fieldEnds.length);
  const rare: RareWords = { places: [], terms: [] };
  let place = 0;
  let field = 0;
  for (const [nth, index] of indexes.entries()) {
    copyWords(index, placesOf[nth] ?? NO_NUMBERS, codes, words, place, rare);
    lengths.set(index.lengths, field);
    for (let at = 0; at < index.fieldEnds.length; at += 1)
      fieldEnds[field + at] = place + (index.fieldEnds[at] ?? 0);
    place += index.words.length;
    field += index.fieldEnds.length;
  }
  return openWords(terms, { words, ...toArrays(rare), fieldEnds, lengths, placeEnds, termOf }, hashes);
}

const NO_NUMBERS = new Uint32Array();

function sumOf(indexes: readonly OpenDay[], lengthOf: (index: OpenDay) => number): number {
  return indexes.reduce((sum, index) => sum + lengthOf(index), 0);
}

/**
 * Copies the words of an index to a place in others, with other codes.
 *
 * @param placeOf the new term of each term of the index
 * @param codes the new code of each new term
 */
function copyWords(
  { words, termOf, rareTerms }: OpenDay,
  placeOf: Uint32Array,
  codes: Uint16Array,
  into: Uint16Array,
  start: number,
  rare: RareWords,
): void {
  // A gap stays one. Code 1 is the empty term, as before.
  const newCodes = new Uint16Array(termOf.length);
  for (let code = 1; code < termOf.length; code += 1)
    newCodes[code] = codes[placeOf[termOf[code] ?? 0] ?? 0] ?? 0;
  let rares = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    const code = word >>> 1;
    let newCode = newCodes[code] ?? 0;
    if (code === RARE || newCode === RARE) {
      const term = placeOf[code === RARE ? (rareTerms[rares] ?? 0) : (termOf[code] ?? 0)] ?? 0;
      if (code === RARE) rares += 1;
      newCode = codes[term] ?? 0;
      if (newCode === RARE) addRare(rare, start + at, term);
    }
    into[start + at] = (newCode << 1) | (word & 1);
  }
}

function addCounts(placeEnds: Uint32Array, placeOf: Uint32Array, counts: Uint32Array): void {
  let start = 0;
  for (let term = 0; term < placeEnds.length; term += 1) {
    const end = placeEnds[term] ?? 0;
    const place = placeOf[term] ?? 0;
    counts[place] = (counts[place] ?? 0) + end - start;
    start = end;
  }
}
