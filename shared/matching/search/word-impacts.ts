import { AUTHOR_FIELD } from '../index/condition-papers.ts';
import { fieldOf, indexedFields } from '../index/day-index.ts';
import { fieldAt, type OpenDay, paperAt, placesOf, skipTo } from '../index/open-day.ts';
import { NO_TERMS, type TermRange } from '../index/terms.ts';
import {
  type FieldBits,
  type FoundPair,
  isCommonTerm,
  paperAfter,
  type QueryWord,
  type SearchedDays,
  toTerms,
  type WindowDay,
} from '../index/word-papers.ts';
import { IMPACT_STEPS, sumFieldPoints, toFieldPoints, toImpactSteps } from './score.ts';

const FIELDS = indexedFields.length;

/** A word to look for in each part. */
export interface LookedWord {
  readonly word: QueryWord;
  readonly fields: FieldBits;
  readonly pairs: readonly FoundPair[];
  readonly author: QueryWord | undefined;
}

/** Looks a word without pairs up in some papers, and adds what it counts there. */
export function addSome(
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
export function toImpacts(
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
