import { type OpenDay, openWords } from './open-day.ts';
import { uniteTerms } from './unite-terms.ts';
import { addRare, codesOf, ESCAPE, type RareWords, toArrays, toEnds, toTermOf } from './word-codes.ts';
import type { WindowDay } from './word-papers.ts';

/** Only days with at most this many papers are joined. */
const MAX_SMALL = 500;

/** Joined days have at most this many papers in all. So a new paper costs little, because only the days next to its own are joined again. */
const MAX_JOINED = 2_000;

/**
 * Joins consecutive small days, so that a search looks a word up in a few indexes instead of hundreds. Larger days stay as they are.
 */
export function joinSmallDays(days: readonly WindowDay[]): readonly WindowDay[] {
  const groups: WindowDay[][] = [];
  let space = 0;
  for (const day of days) {
    const papers = day.numbers.length;
    const isSmall = papers <= MAX_SMALL;
    if (groups.length === 0 || !isSmall || papers > space) {
      groups.push([]);
      space = isSmall ? MAX_JOINED : 0;
    }
    groups.at(-1)?.push(day);
    space -= papers;
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

/** The indexes that were joined last, by the first of them. Most of them are the same in a corpus with a new day. */
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

/** Returns one index of the papers of several indexes, in their order. */
function uniteIndexes(indexes: readonly OpenDay[]): OpenDay {
  const { newTermsOf, hashes, ...terms } = uniteTerms(indexes);
  const termCounts = new Uint32Array(terms.termEnds.length);
  for (const [nth, index] of indexes.entries())
    addCounts(index.postingEnds, newTermsOf[nth] ?? NO_NUMBERS, termCounts);
  const postingEnds = toEnds(termCounts);
  const termOf = toTermOf(postingEnds);
  const codes = codesOf(termOf, postingEnds.length);
  const words = new Uint16Array(sumOf(indexes, (index) => index.words.length));
  const fieldEnds = new Uint32Array(sumOf(indexes, (index) => index.fieldEnds.length));
  const lengths = new Uint16Array(fieldEnds.length);
  const rare: RareWords = { positions: [], terms: [] };
  let position = 0;
  let field = 0;
  for (const [nth, index] of indexes.entries()) {
    copyWords(index, newTermsOf[nth] ?? NO_NUMBERS, codes, words, position, rare);
    lengths.set(index.lengths, field);
    for (let at = 0; at < index.fieldEnds.length; at += 1)
      fieldEnds[field + at] = position + (index.fieldEnds[at] ?? 0);
    position += index.words.length;
    field += index.fieldEnds.length;
  }
  return openWords(terms, { words, ...toArrays(rare), fieldEnds, lengths, postingEnds, termOf }, hashes);
}

const NO_NUMBERS = new Uint32Array();

function sumOf(indexes: readonly OpenDay[], lengthOf: (index: OpenDay) => number): number {
  return indexes.reduce((sum, index) => sum + lengthOf(index), 0);
}

/**
 * Copies the words of an index into joined ones from `start` on, with new codes.
 *
 * @param newTermOf the new term of each term of the index
 * @param codes the new code of each new term
 */
function copyWords(
  { words, termOf, rareTerms }: OpenDay,
  newTermOf: Uint32Array,
  codes: Uint16Array,
  into: Uint16Array,
  start: number,
  rare: RareWords,
): void {
  // A gap stays one. Code 1 is the empty term, as before.
  const newCodes = new Uint16Array(termOf.length);
  for (let code = 1; code < termOf.length; code += 1)
    newCodes[code] = codes[newTermOf[termOf[code] ?? 0] ?? 0] ?? 0;
  let rareCount = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    const code = word >>> 1;
    let newCode = newCodes[code] ?? 0;
    if (code === ESCAPE || newCode === ESCAPE) {
      const term = newTermOf[code === ESCAPE ? (rareTerms[rareCount] ?? 0) : (termOf[code] ?? 0)] ?? 0;
      if (code === ESCAPE) rareCount += 1;
      newCode = codes[term] ?? 0;
      if (newCode === ESCAPE) addRare(rare, start + at, term);
    }
    into[start + at] = (newCode << 1) | (word & 1);
  }
}

function addCounts(postingEnds: Uint32Array, newTermOf: Uint32Array, counts: Uint32Array): void {
  let start = 0;
  for (let term = 0; term < postingEnds.length; term += 1) {
    const end = postingEnds[term] ?? 0;
    const newTerm = newTermOf[term] ?? 0;
    counts[newTerm] = (counts[newTerm] ?? 0) + end - start;
    start = end;
  }
}
