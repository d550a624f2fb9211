import { BELOW_TERM, TERM_SHIFT } from './day-index.ts';
import { type OpenDay, openDay, toEnds } from './open-day.ts';
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
  const { placesOf, ...united } = uniteTerms(indexes);
  const words = new Uint32Array(sumOf(indexes, ({ words }) => words.length));
  const paperEnds = new Uint32Array(sumOf(indexes, (index) => index.paperEnds.length));
  const lengths = new Uint16Array(sumOf(indexes, (index) => index.lengths.length));
  const termCounts = new Uint32Array(united.termEnds.length);
  let place = 0;
  let paper = 0;
  let field = 0;
  for (const [nth, index] of indexes.entries()) {
    const placeOf = placesOf[nth] ?? NO_NUMBERS;
    copyWords(index.words, placeOf, words, place);
    addCounts(index.placeEnds, placeOf, termCounts);
    lengths.set(index.lengths, field);
    for (let at = 0; at < index.paperEnds.length; at += 1)
      paperEnds[paper + at] = place + (index.paperEnds[at] ?? 0);
    place += index.words.length;
    paper += index.paperEnds.length;
    field += index.lengths.length;
  }
  const { hashes, ...terms } = united;
  return openDay({ ...terms, words, paperEnds }, { placeEnds: toEnds(termCounts), lengths, hashes });
}

const NO_NUMBERS = new Uint32Array();

function sumOf(indexes: readonly OpenDay[], lengthOf: (index: OpenDay) => number): number {
  return indexes.reduce((sum, index) => sum + lengthOf(index), 0);
}

/** Copies words to a place in others, with other terms. */
function copyWords(words: Uint32Array, placeOf: Uint32Array, into: Uint32Array, start: number): void {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    into[start + at] = ((placeOf[word >>> TERM_SHIFT] ?? 0) << TERM_SHIFT) | (word & BELOW_TERM);
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
