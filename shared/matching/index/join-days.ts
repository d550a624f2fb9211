import { BELOW_TERM, type DayIndex, sortTerms, TERM_SHIFT } from './day-index.ts';
import { type OpenDay, openDay } from './open-day.ts';
import { uniteTerms } from './terms.ts';
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
  const joined = openDay(uniteIndexes(indexes));
  if (first) known.set(first, { indexes, joined });
  return joined;
}

/** Returns one index of the papers of several, in their order. */
function uniteIndexes(indexes: readonly OpenDay[]): DayIndex {
  const { texts, numbers } = uniteTerms(indexes);
  const words = new Uint32Array(indexes.reduce((sum, index) => sum + index.words.length, 0));
  const paperEnds: number[] = [];
  let end = 0;
  for (const [nth, index] of indexes.entries()) {
    const own = numbers[nth] ?? NO_NUMBERS;
    for (const paperEnd of index.paperEnds) paperEnds.push(end + paperEnd);
    for (let at = 0; at < index.words.length; at += 1) {
      const word = index.words[at] ?? 0;
      words[end + at] = ((own[word >>> TERM_SHIFT] ?? 0) << TERM_SHIFT) | (word & BELOW_TERM);
    }
    end += index.words.length;
  }
  return sortTerms(texts, words, Uint32Array.from(paperEnds));
}

const NO_NUMBERS = new Uint32Array();
