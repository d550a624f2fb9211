import { fieldOf, indexedFields } from '../index/day-index.ts';
import { fieldAt, type OpenDay, paperAt, placesOf, skipTo } from '../index/open-day.ts';
import { addShares, bytesOf, forEachHeld, type PaperSet, takeValues, unite } from '../index/paper-set.ts';
import { NO_TERMS, type TermRange } from '../index/terms.ts';
import type { TextSearch } from '../index/text-search.ts';
import {
  type FieldBits,
  type FoundPair,
  isCommonTerm,
  paperAfter,
  type QueryWord,
  type SearchedDays,
  toQueryWord,
  toTerms,
  type WindowDay,
} from '../index/word-papers.ts';
import { createMemoSpace } from '../memo.ts';
import { IMPACT_STEPS, sumFieldPoints, toFieldPoints, toImpactSteps } from './score.ts';

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

/** Looks up words, and what they count. */
export interface WordScores {
  /** Returns the papers that have a word. */
  papersOf(word: ScoredWord): PaperSet;
  /**
   * Adds to the values of some papers what a word counts in each: the weight of the word times its impact. The values of others may
   * change as well.
   *
   * @param papers in ascending order
   */
  add(word: ScoredWord, weight: number, papers: Uint32Array, values: Float64Array): void;
}

const FIELDS = indexedFields.length;
const AUTHOR = indexedFields.indexOf('author');
const AUTHOR_FIELD: FieldBits = 1 << AUTHOR;

/** How much memory a corpus uses at most to remember what words count. */
const MAX_BYTES = 24 * 1024 * 1024;

/** Looking at one paper takes as long as looking at so many in their order. */
const LOOK_UP_COST = 4;

/** Creates a look-up over a corpus. It looks at the papers themselves if they are few. For many it computes all once, and remembers that. */
export function createWordScores(searched: SearchedDays, search: TextSearch): WordScores {
  const space = createMemoSpace(MAX_BYTES);
  /** The impact of a word in each paper that has it, in their order, as {@link toImpactSteps} rounds it. Most words are in few papers. */
  const remembered = space.createMemo<string, Uint16Array>(
    ({ byteLength }, key) => byteLength + 2 * key.length,
  );
  /** The papers of each word that is a name as well. */
  const united = space.createMemo<string, PaperSet>((papers, key) => bytesOf(papers) + 2 * key.length);
  const look = ({ text, isPrefix, fields, authorKey }: ScoredWord): LookedWord => {
    const word = toQueryWord(text, isPrefix);
    const author = authorKey === undefined ? undefined : toQueryWord(authorKey, false);
    return { word, fields, pairs: search.findPairs(word), author };
  };
  const papersOf = (word: ScoredWord) => {
    const { word: term, fields, pairs, author } = look(word);
    // Most words are their own keys, and then one look at their places is enough.
    if (author && author.text === term.text && !term.isPrefix && pairs.length === 0)
      return search.findTerm(term, fields | AUTHOR_FIELD);
    const papers = search.findWord(term, fields);
    const authored = author && search.findTerm(author, AUTHOR_FIELD);
    if (!authored || authored.size === 0) return papers;
    return united.recall(keyOf(word), () => unite([papers, authored], searched.paperCount));
  };
  return {
    papersOf,
    add(word, weight, papers, values) {
      const holders = papersOf(word);
      const looked = look(word);
      const key = keyOf(word);
      const isSimple = !word.isPrefix && looked.pairs.length === 0;
      if (isSimple && papers.length * LOOK_UP_COST < holders.size && !remembered.find(key)) {
        addSome(searched, looked, weight, papers, values);
        return;
      }
      const ofHolders = remembered.recall(key, () => takeValues(holders, toImpacts(searched, looked)));
      if (holders.size < papers.length * LOOK_UP_COST) {
        addShares(holders, weight, ofHolders, IMPACT_STEPS, values);
        return;
      }
      forEachHeld(papers, holders, (paper, nth) => {
        values[paper] = (values[paper] ?? 0) + weight * ((ofHolders[nth] ?? 0) / IMPACT_STEPS);
      });
    },
  };
}

function keyOf({ text, isPrefix, fields, authorKey = '' }: ScoredWord): string {
  return `${fields}${isPrefix ? '*' : ' '}${text} ${authorKey}`;
}

/** A word to look for in each part. */
interface LookedWord {
  readonly word: QueryWord;
  readonly fields: FieldBits;
  readonly pairs: readonly FoundPair[];
  readonly author: QueryWord | undefined;
}

/** Looks a word without pairs up in some papers, and adds what it counts there. */
function addSome(
  { days, dayOf, placeInDay }: SearchedDays,
  { word, fields, author }: LookedWord,
  weight: number,
  papers: Uint32Array,
  values: Float64Array,
) {
  const counts = new Uint16Array(FIELDS);
  let day = -1;
  let term = { at: 0, end: 0 };
  let key = { at: 0, end: 0 };
  for (const paper of papers) {
    const own = dayOf[paper] ?? 0;
    const index = days[own]?.index;
    if (!index) continue;
    if (own !== day) {
      day = own;
      term = toCursor(index, word);
      key = author ? toCursor(index, author) : term;
    }
    const place = placeInDay[paper] ?? 0;
    clear(counts, 0);
    const found =
      countIn(index, term, place, fields, counts) |
      (author ? countIn(index, key, place, AUTHOR_FIELD, counts) : 0);
    if (found === 0) continue;
    const points = sumFieldPoints(counts, 0, index.lengths, place * FIELDS);
    values[paper] = (values[paper] ?? 0) + weight * (toImpactSteps(points) / IMPACT_STEPS);
  }
}

/** Where to go on in the places of a term. */
interface PlaceCursor {
  at: number;
  readonly end: number;
}

function toCursor(index: OpenDay, word: QueryWord): PlaceCursor {
  const { from, to } = placesOf(index, toTerms(index, word));
  return { at: from, end: to };
}

/** Counts the places of one paper, and moves on behind them. Papers come in ascending order. Returns the fields that have any. */
function countIn(
  { places, placeShift, paperEnds }: OpenDay,
  cursor: PlaceCursor,
  paper: number,
  fields: FieldBits,
  counts: Uint16Array,
): FieldBits {
  const start = paperEnds[paper - 1] ?? 0;
  const end = paperEnds[paper] ?? 0;
  let at = skipTo(places, (start << placeShift) >>> 0, cursor.at, cursor.end);
  let found = 0;
  for (; at < cursor.end; at += 1) {
    const entry = places[at] ?? 0;
    if (entry >>> placeShift >= end) break;
    const field = fieldOf(entry);
    if (((fields >>> field) & 1) === 0) continue;
    counts[field] = (counts[field] ?? 0) + 1;
    found |= 1 << field;
  }
  cursor.at = at;
  return found;
}

/** The impact of a word in each paper. Words are looked up one after the other. */
let impacts = new Uint16Array();

/** Looks a word up in all papers. The array is used again for the next word. */
function toImpacts(
  { days, paperCount }: SearchedDays,
  { word, fields, pairs, author }: LookedWord,
): Uint16Array {
  if (impacts.length < paperCount) impacts = new Uint16Array(paperCount);
  else impacts.fill(0);
  for (const [nth, day] of days.entries()) {
    const { index, numbers } = day;
    const counter = counterOf(numbers.length);
    const terms = toTerms(index, word);
    const keys = author ? toTerms(index, author) : NO_TERMS;
    const isKey = keys.from === terms.from && keys.to === terms.to;
    for (const { places } of pairs) countPlaces(index, places[nth] ?? [], fields, counter);
    if (!isKey) countTerms(index, keys, AUTHOR_FIELD, counter);
    const all = isKey ? fields | AUTHOR_FIELD : fields;
    if (terms.to - terms.from === 1) noteTerm(day, terms.from, all, counter);
    else countTerms(index, terms, all, counter);
    noteCounts(day, counter);
  }
  return impacts;
}

/** Notes the impact of a term in each paper. If the paper was touched before, it adds to the counts of the paper. */
function noteTerm(
  { index, numbers }: WindowDay,
  term: number,
  fields: FieldBits,
  { counts, isTouched }: Counter,
) {
  const { places, placeShift, placeEnds, paperEnds, lengths } = index;
  const isCommon = isCommonTerm(index, term);
  const end = placeEnds[term] ?? 0;
  let paper = -1;
  for (let at = placeEnds[term - 1] ?? 0; at < end; ) {
    const place = (places[at] ?? 0) >>> placeShift;
    paper = isCommon ? paperAfter(index, paper, place) : paperAt(index, place);
    const paperEnd = paperEnds[paper] ?? 0;
    const isCounted = isTouched[paper] === 1;
    let points = 0;
    // The places of a paper come field by field.
    while (at < end) {
      const first = at;
      const entry = places[first] ?? 0;
      if (entry >>> placeShift >= paperEnd) break;
      const field = fieldOf(entry);
      do at += 1;
      while (at < end && (places[at] ?? 0) >>> placeShift < paperEnd && fieldOf(places[at] ?? 0) === field);
      if (((fields >>> field) & 1) === 0) continue;
      const slot = paper * FIELDS + field;
      if (isCounted) counts[slot] = (counts[slot] ?? 0) + at - first;
      else points += toFieldPoints(field, at - first, lengths[slot] ?? 0);
    }
    const number = numbers[paper] ?? -1;
    if (number >= 0) impacts[number] = toImpactSteps(points);
  }
}

/** Notes the impacts of the counts, and leaves them empty. */
function noteCounts({ index, numbers }: WindowDay, { counts, touched, isTouched }: Counter) {
  for (const paper of touched) {
    const start = paper * FIELDS;
    const number = numbers[paper] ?? -1;
    if (number >= 0) impacts[number] = toImpactSteps(sumFieldPoints(counts, start, index.lengths, start));
    clear(counts, start);
    isTouched[paper] = 0;
  }
  touched.length = 0;
}

/** For so few numbers, a loop takes less time than a call of `fill`. */
function clear(counts: Uint16Array, start: number) {
  for (let at = start; at < start + FIELDS; at += 1) counts[at] = 0;
}

/** How often each field of each paper of a part has a word. */
interface Counter {
  readonly counts: Uint16Array;
  /** The papers with a count that is not 0, and 1 for each of them. */
  readonly touched: number[];
  readonly isTouched: Uint8Array;
}

/** One counter serves one part after the other, because each leaves it empty. */
let counter = createCounter(0);

function createCounter(paperCount: number): Counter {
  return {
    counts: new Uint16Array(paperCount * FIELDS),
    touched: [],
    isTouched: new Uint8Array(paperCount),
  };
}

function counterOf(paperCount: number): Counter {
  if (counter.isTouched.length < paperCount) counter = createCounter(paperCount);
  return counter;
}

function countTerms(index: OpenDay, { from, to }: TermRange, fields: FieldBits, into: Counter) {
  for (let term = from; term < to; term += 1) countTerm(index, term, fields, into);
}

function countTerm(index: OpenDay, term: number, fields: FieldBits, into: Counter) {
  const { places, placeShift, placeEnds, paperEnds } = index;
  const { counts } = into;
  const isCommon = isCommonTerm(index, term);
  const end = placeEnds[term] ?? 0;
  let paper = -1;
  let paperEnd = 0;
  for (let at = placeEnds[term - 1] ?? 0; at < end; at += 1) {
    const entry = places[at] ?? 0;
    const place = entry >>> placeShift;
    const field = fieldOf(entry);
    if (((fields >>> field) & 1) === 0) continue;
    if (place >= paperEnd) {
      paper = isCommon ? paperAfter(index, paper, place) : paperAt(index, place);
      paperEnd = paperEnds[paper] ?? 0;
      touch(into, paper);
    }
    const slot = paper * FIELDS + field;
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
}

function countPlaces(index: OpenDay, places: readonly number[], fields: FieldBits, into: Counter) {
  for (const place of places) {
    const field = fieldAt(index, place);
    if (((fields >>> field) & 1) === 1) count(into, paperAt(index, place), field);
  }
}

function count(into: Counter, paper: number, field: number) {
  touch(into, paper);
  const at = paper * FIELDS + field;
  into.counts[at] = (into.counts[at] ?? 0) + 1;
}

function touch({ touched, isTouched }: Counter, paper: number) {
  if (isTouched[paper] === 1) return;
  isTouched[paper] = 1;
  touched.push(paper);
}
