import { fieldOf, indexedFields } from '../index/day-index.ts';
import { type OpenDay, paperAt, type TermRange } from '../index/open-day.ts';
import { createBits, fromBits, type PaperSet, setBit } from '../index/paper-set.ts';
import {
  type FieldBits,
  isPairAt,
  type Pair,
  type SearchedDays,
  toPairs,
  toQueryWord,
  toTerms,
} from '../index/word-papers.ts';
import { createMemo } from '../memo.ts';
import { toImpact } from './score.ts';
import type { SearchPart } from './search-part.ts';

/** A word to score, and the fields to look in. */
export interface ScoredWord {
  /** A stem, or the beginning of a word. */
  readonly text: string;
  readonly isPrefix: boolean;
  /** The fields in which the stem is looked for. */
  readonly fields: FieldBits;
  /** The key of an author that counts as the word as well. */
  readonly authorKey?: string | undefined;
}

/** The papers that have a word, and what it counts in each of them. */
export interface WordScore {
  readonly papers: PaperSet;
  /** The papers in no order, each once. */
  readonly numbers: Uint32Array;
  /** What the word counts in each of `numbers`, from 0 to 1. */
  readonly impacts: Float32Array;
}

/** Looks up words with what they count. */
export interface WordScores {
  find(word: ScoredWord): WordScore;
}

/** How much memory a corpus uses at most to remember words. */
const MAX_BYTES = 32 * 1024 * 1024;

const FIELDS = indexedFields.length;
const AUTHOR_FIELD: FieldBits = 1 << indexedFields.indexOf('author');

/** Creates a look-up that computes every word once, as long as it has the memory to remember it. */
export function createWordScores(searched: SearchedDays, parts: readonly SearchPart[]): WordScores {
  const known = createMemo<string, WordScore>(
    MAX_BYTES,
    ({ numbers }, key) => 8 * numbers.length + searched.paperCount / 8 + 2 * key.length,
  );
  return {
    find(word) {
      const { text, isPrefix, fields, authorKey = '' } = word;
      const key = `${fields}${isPrefix ? '*' : ' '}${text} ${authorKey}`;
      return known.recall(key, () => scoreWord(searched, parts, word));
    },
  };
}

function scoreWord(
  { days, paperCount, filter }: SearchedDays,
  parts: readonly SearchPart[],
  { text, isPrefix, fields, authorKey }: ScoredWord,
): WordScore {
  const word = toQueryWord(text, isPrefix);
  const author = authorKey === undefined ? undefined : toQueryWord(authorKey, false);
  const pairs = toPairs(word, filter);
  const bits = createBits(paperCount);
  const found: number[] = [];
  const impacts: number[] = [];
  for (const [at, { index, numbers }] of days.entries()) {
    const lengths = parts[at]?.lengths;
    if (!lengths) continue;
    const counter = counterOf(numbers.length);
    countTerms(index, toTerms(index, word), fields, counter);
    for (const pair of pairs) countPair(index, pair, fields, counter);
    if (author) countTerms(index, toTerms(index, author), AUTHOR_FIELD, counter);
    const { counts, touched } = counter;
    for (const paper of touched) {
      const number = numbers[paper] ?? -1;
      const start = paper * FIELDS;
      if (number >= 0) {
        setBit(bits, number);
        found.push(number);
        impacts.push(toImpact(counts, lengths, start));
      }
      counts.fill(0, start, start + FIELDS);
    }
    touched.length = 0;
  }
  return { papers: fromBits(bits), numbers: Uint32Array.from(found), impacts: Float32Array.from(impacts) };
}

/** How often each field of each paper of a part has a word. */
interface Counter {
  readonly counts: Uint16Array;
  /** The papers with a count that is not 0. */
  readonly touched: number[];
}

/** One counter serves one part after the other, because each empties it. */
let counter: Counter = { counts: new Uint16Array(0), touched: [] };

function counterOf(paperCount: number): Counter {
  if (counter.counts.length < paperCount * FIELDS)
    counter = { counts: new Uint16Array(paperCount * FIELDS), touched: [] };
  return counter;
}

function countTerms(index: OpenDay, { from, to }: TermRange, fields: FieldBits, into: Counter) {
  if (from === to) return;
  const { words, places, placeEnds, paperEnds } = index;
  const end = placeEnds[to - 1] ?? 0;
  let paper = 0;
  let paperStart = 0;
  let paperEnd = 0;
  for (let at = placeEnds[from - 1] ?? 0; at < end; at += 1) {
    const place = places[at] ?? 0;
    const field = fieldOf(words[place] ?? 0);
    if (((fields >>> field) & 1) === 0) continue;
    if (place >= paperEnd || place < paperStart) {
      paper = paperAt(index, place);
      paperStart = paperEnds[paper - 1] ?? 0;
      paperEnd = paperEnds[paper] ?? 0;
    }
    count(into, paper, field);
  }
}

function countPair(index: OpenDay, pair: Pair, fields: FieldBits, into: Counter) {
  const first = toTerms(index, pair.first);
  const second = toTerms(index, pair.second);
  if (first.from === first.to || second.from === second.to) return;
  const { words, places, placeEnds } = index;
  for (let at = placeEnds[first.from - 1] ?? 0; at < (placeEnds[first.from] ?? 0); at += 1) {
    const place = places[at] ?? 0;
    const field = fieldOf(words[place] ?? 0);
    if (((fields >>> field) & 1) === 1 && isPairAt(index, place, pair, second))
      count(into, paperAt(index, place), field);
  }
}

function count({ counts, touched }: Counter, paper: number, field: number) {
  const start = paper * FIELDS;
  let isNew = true;
  for (let at = start; at < start + FIELDS; at += 1) if (counts[at] !== 0) isNew = false;
  if (isNew) touched.push(paper);
  counts[start + field] = (counts[start + field] ?? 0) + 1;
}
