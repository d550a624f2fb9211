import { AUTHOR_FIELD } from '../index/condition-papers.ts';
import { type FieldBits, fieldOf, indexedFields } from '../index/day-index.ts';
import { fieldAt, type OpenDay, paperAt, postingsOf } from '../index/open-day.ts';
import { createBits, fromBits, listIn, type PaperSet } from '../index/paper-set.ts';
import { gallopTo } from '../index/terms.ts';
import {
  type FoundPair,
  isCommonTerm,
  paperAfter,
  type QueryWord,
  type SearchedDays,
  toTerms,
  type WindowDay,
} from '../index/word-papers.ts';
import { IMPACT_STEPS, toImpactSteps, toPostingPoints } from './score.ts';

const FIELDS = indexedFields.length;

/** A word to look up in each part. */
export interface WordLookup {
  readonly word: QueryWord;
  readonly fields: FieldBits;
  readonly pairs: readonly FoundPair[];
  readonly author: QueryWord | undefined;
}

/** Looks a word without pairs up in the given papers, and adds its impact on each. */
export function addSome(
  { days, dayOf, indexInDay }: SearchedDays,
  { word, fields, author }: WordLookup,
  weight: number,
  papers: Uint32Array,
  values: Float64Array,
) {
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
    const inDay = indexInDay[paper] ?? 0;
    let points = addPointsIn(index, term, inDay, fields, 0);
    if (author) points = addPointsIn(index, key, inDay, AUTHOR_FIELD, points);
    if (points > 0) values[paper] = (values[paper] ?? 0) + weight * (toImpactSteps(points) / IMPACT_STEPS);
  }
}

/** Where to go on in the postings of a term. */
interface PostingCursor {
  at: number;
  readonly end: number;
}

function toCursor(index: OpenDay, word: QueryWord): PostingCursor {
  const { from, to } = postingsOf(index, toTerms(index, word));
  return { at: from, end: to };
}

/** Adds the points of the postings of one paper to `points`, and moves the cursor past them. Papers come in ascending order. */
function addPointsIn(
  { postings, positionShift, paperEnds, lengths }: OpenDay,
  cursor: PostingCursor,
  paper: number,
  fields: FieldBits,
  points: number,
): number {
  const start = paperEnds[paper - 1] ?? 0;
  const end = paperEnds[paper] ?? 0;
  let at = gallopTo(postings, (start << positionShift) >>> 0, cursor.at, cursor.end);
  let sum = points;
  for (; at < cursor.end; at += 1) {
    const posting = postings[at] ?? 0;
    if (posting >>> positionShift >= end) break;
    const field = fieldOf(posting);
    if (((fields >>> field) & 1) === 1) sum += toPostingPoints(field, lengths[paper * FIELDS + field] ?? 0);
  }
  cursor.at = at;
  return sum;
}

/**
 * A scratch buffer for the points of one word in each paper, from 1 on. The first number collects the points of papers whose texts are taken
 * from another part. It is never read.
 */
let sums = new Float64Array();
/** A scratch buffer for the papers that have the word. */
let scratch = new Uint32Array();

/** Looks a word up in all papers. Returns its impact in each paper that has it, in their order. */
export function toImpacts(searched: SearchedDays, lookup: WordLookup, papers: PaperSet): Uint16Array {
  sumPoints(searched, lookup);
  return toSteps(listIn(scratch, papers), sums);
}

/** Finds the papers that have a word, with its impacts as {@link toImpacts} returns them. */
export function findImpacts(
  searched: SearchedDays,
  lookup: WordLookup,
): { readonly papers: PaperSet; readonly impacts: Uint16Array } {
  sumPoints(searched, lookup);
  const papers = fromBits(markSums(createBits(searched.paperCount), searched.paperCount));
  return { papers, impacts: toSteps(listIn(scratch, papers), sums) };
}

/** Marks the papers with points. */
function markSums(bits: Int32Array, paperCount: number): Int32Array {
  // Without a branch: see ADR 55.
  for (let paper = 0; paper < paperCount; paper += 1)
    bits[paper >>> 5] = (bits[paper >>> 5] ?? 0) | (Number((sums[paper + 1] ?? 0) > 0) << paper);
  return bits;
}

/** Sums the points of a word in each paper. */
function sumPoints({ days, paperCount }: SearchedDays, { word, fields, pairs, author }: WordLookup): void {
  if (sums.length <= paperCount) {
    sums = new Float64Array(paperCount + 1);
    scratch = new Uint32Array(paperCount);
  } else sums.fill(0);
  // Most words are their own keys, so one scan of their postings is enough.
  const isKey = author?.text === word.text && !word.isPrefix;
  for (const [nth, day] of days.entries()) {
    addPoints(day, word, isKey ? fields | AUTHOR_FIELD : fields, sums);
    if (author && !isKey) addPoints(day, author, AUTHOR_FIELD, sums);
    for (const { positions } of pairs) addPairPoints(day, positions[nth] ?? [], fields, sums);
  }
}

/** Rounds the impacts of the papers. It is a short function so that V8 compiles it early: see ADR 52. */
function toSteps(papers: Uint32Array, points: Float64Array): Uint16Array {
  const steps = new Uint16Array(papers.length);
  for (let nth = 0; nth < papers.length; nth += 1)
    steps[nth] = toImpactSteps(points[(papers[nth] ?? 0) + 1] ?? 0);
  return steps;
}

/** Adds the points of each posting that a word has in the fields. */
function addPoints(day: WindowDay, word: QueryWord, fields: FieldBits, points: Float64Array) {
  const { from, to } = toTerms(day.index, word);
  for (let term = from; term < to; term += 1) {
    if (isCommonTerm(day.index, term)) addCommonTerm(day, term, fields, points);
    else addTerm(day, term, fields, points);
  }
}

function addTerm({ index, numbers }: WindowDay, term: number, fields: FieldBits, points: Float64Array) {
  const { postings, positionShift, postingEnds, lengths } = index;
  const end = postingEnds[term] ?? 0;
  for (let at = postingEnds[term - 1] ?? 0; at < end; at += 1) {
    const posting = postings[at] ?? 0;
    const field = fieldOf(posting);
    if (((fields >>> field) & 1) === 0) continue;
    const paper = paperAt(index, posting >>> positionShift);
    const slot = (numbers[paper] ?? -1) + 1;
    points[slot] = (points[slot] ?? 0) + toPostingPoints(field, lengths[paper * FIELDS + field] ?? 0);
  }
}

/** A common term occurs often in a paper, and in most papers. So the next paper is found by stepping from the last one. */
function addCommonTerm({ index, numbers }: WindowDay, term: number, fields: FieldBits, points: Float64Array) {
  const { postings, positionShift, postingEnds, paperEnds, lengths } = index;
  const end = postingEnds[term] ?? 0;
  let paper = -1;
  for (let at = postingEnds[term - 1] ?? 0; at < end; ) {
    paper = paperAfter(index, paper, (postings[at] ?? 0) >>> positionShift);
    const paperEnd = paperEnds[paper] ?? 0;
    const slot = (numbers[paper] ?? -1) + 1;
    let sum = points[slot] ?? 0;
    for (; at < end; at += 1) {
      const posting = postings[at] ?? 0;
      if (posting >>> positionShift >= paperEnd) break;
      const field = fieldOf(posting);
      if (((fields >>> field) & 1) === 1) sum += toPostingPoints(field, lengths[paper * FIELDS + field] ?? 0);
    }
    points[slot] = sum;
  }
}

function addPairPoints(
  { index, numbers }: WindowDay,
  positions: readonly number[],
  fields: FieldBits,
  points: Float64Array,
) {
  for (const position of positions) {
    const field = fieldAt(index, position);
    const paper = paperAt(index, position);
    const slot = (numbers[paper] ?? -1) + 1;
    if (((fields >>> field) & 1) === 0) continue;
    points[slot] = (points[slot] ?? 0) + toPostingPoints(field, index.lengths[paper * FIELDS + field] ?? 0);
  }
}
