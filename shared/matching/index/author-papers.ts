import { isPartOfNames, matchesName, type Name, parseName, type Reading } from '../text/names.ts';
import { fieldOf, indexedFields } from './day-index.ts';
import { isJoinedAt, type OpenDay, paperAt, postingsOf, termAt } from './open-day.ts';
import { createBits, fromBits, hasBit, type PaperSet, setBit } from './paper-set.ts';
import { findTerm, findTermsFrom, hashOfTerm, type TermRange, termTextOf } from './terms.ts';
import type { SearchedDays, WindowDay } from './word-papers.ts';

/** Returns the name of the author of a paper, as it was indexed. The authors of a paper are counted from 0. */
export type AuthorOf = (paper: number, nth: number) => string | undefined;

/** Returns whether an author matches the name of a query. */
type IsMatch = (author: string) => boolean;

const AUTHOR = indexedFields.indexOf('author');

/** Returns the papers with an author that matches a name. Only authors with a key of the name are compared. */
export function findAuthorPapers(searched: SearchedDays, name: Name, authorOf: AuthorOf): PaperSet {
  const bits = createBits(searched.paperCount);
  const isMatch = createNameCheck(name);
  for (const reading of name.readings) markReading(searched, reading, isMatch, authorOf, bits);
  return fromBits(bits);
}

/** Compares each name once, because parsing a name is slow and many papers share authors. */
function createNameCheck(name: Name): IsMatch {
  const known = new Map<string, boolean>();
  return (author) => {
    const isMatch = known.get(author) ?? matchesName(name, parseName(author));
    known.set(author, isMatch);
    return isMatch;
  };
}

function markReading(
  { days }: SearchedDays,
  reading: Reading,
  isMatch: IsMatch,
  authorOf: AuthorOf,
  bits: Int32Array,
) {
  const { whole, family, familyCore, isOneWord } = reading;
  const families = isOneWord ? [whole] : [...new Set([whole, family, familyCore])];
  for (const day of days) {
    const { index } = day;
    const familyTerms = isPartOfNames(reading)
      ? toTermsWith(index, whole)
      : families.map((key) => toTerm(index, key));
    const given = isOneWord ? [] : toGivenTerms(index, reading);
    const givenTerms = given.length > 0 ? [toTerm(index, whole), ...given] : [];
    // An author has a key of either kind. The kind with fewer postings is scanned.
    const isGivenRarer =
      given.length > 0 && countPostings(index, givenTerms) < countPostings(index, familyTerms);
    const [sought, others] = isGivenRarer ? [givenTerms, familyTerms] : [familyTerms, givenTerms];
    for (const terms of sought) markAuthors(day, terms, others, isMatch, authorOf, bits);
  }
}

/** Marks the papers of a day with an author that matches the name. The author has one of `keys`, and one of `others` unless that is empty. */
function markAuthors(
  { index, numbers }: WindowDay,
  keys: TermRange,
  others: readonly TermRange[],
  isMatch: IsMatch,
  authorOf: AuthorOf,
  bits: Int32Array,
) {
  const { postings, positionShift } = index;
  const { from, to } = postingsOf(index, keys);
  for (let at = from; at < to; at += 1) {
    const posting = postings[at] ?? 0;
    if (fieldOf(posting) !== AUTHOR) continue;
    const position = posting >>> positionShift;
    if (others.length > 0 && !hasKey(index, position, others)) continue;
    const paper = numbers[paperAt(index, position)] ?? -1;
    if (paper < 0 || hasBit(bits, paper)) continue;
    const author = authorOf(paper, nthAuthor(index, position));
    if (author !== undefined && isMatch(author)) setBit(bits, paper);
  }
}

function countPostings(index: OpenDay, keys: readonly TermRange[]): number {
  return keys.reduce((sum, terms) => {
    const { from, to } = postingsOf(index, terms);
    return sum + to - from;
  }, 0);
}

function toTerm(index: OpenDay, key: string): TermRange {
  return findTerm(index, key, hashOfTerm(key));
}

/** Returns the keys that contain a part of a name in a script without spaces. */
function toTermsWith(index: OpenDay, part: string): readonly TermRange[] {
  const terms = index.nonAsciiTerms.filter((term) => termTextOf(index, term).includes(part));
  return terms.map((term) => ({ from: term, to: term + 1 }));
}

/**
 * Returns the keys of which an author with these given names has at least one. Empty if any author may match. The first given name may be
 * an initial, or the author may have only its initial. A later given name may be the author's only one, but must then be spelt the same.
 */
function toGivenTerms(index: OpenDay, { given }: Reading): readonly TermRange[] {
  const [first, ...later] = given;
  if (first === undefined) return [];
  const sameSpelling = [...later, given.join('')].map((key) => toTerm(index, key));
  if (first.length === 1) return [findTermsFrom(index, first), ...sameSpelling];
  return [toTerm(index, first), toTerm(index, first.charAt(0)), ...sameSpelling];
}

/** Returns whether the author at a position has one of the keys. */
function hasKey(index: OpenDay, position: number, keys: readonly TermRange[]): boolean {
  for (let at = firstKey(index, position); ; at += 1) {
    const term = termAt(index, at);
    for (const { from, to } of keys) if (term >= from && term < to) return true;
    if (!isJoinedAt(index, at)) return false;
  }
}

/** Returns which author of the paper is at a position, counted from 0. */
function nthAuthor(index: OpenDay, position: number): number {
  const first = firstAuthor(index, position);
  let nth = 0;
  for (let at = first; at < position; at += 1) if (!isJoinedAt(index, at)) nth += 1;
  return nth;
}

/** Returns the position of the first key of the author at a position. */
function firstKey(index: OpenDay, position: number): number {
  let first = position;
  // The last key of an author is joined to none, and neither is the gap before the first author.
  while (isJoinedAt(index, first - 1)) first -= 1;
  return first;
}

/** Returns the position of the first key of the first author of the paper at a position. */
function firstAuthor(index: OpenDay, position: number): number {
  return index.fieldEnds[paperAt(index, position) * indexedFields.length + AUTHOR - 1] ?? 0;
}
