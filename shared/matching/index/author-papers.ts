import { matchesName, type Name, parseName, type Reading } from '../text/names.ts';
import { fieldOf, indexedFields } from './day-index.ts';
import { isJoinedAt, type OpenDay, paperAt, placesOf, termAt } from './open-day.ts';
import { createBits, fromBits, hasBit, type PaperSet, setBit } from './paper-set.ts';
import { findTerm, findTermsFrom, hashOfTerm, type TermRange } from './terms.ts';
import type { SearchedDays, WindowDay } from './word-papers.ts';

/** Returns the names of the authors of a paper, as they were indexed. */
export type AuthorsOf = (paper: number) => readonly string[];

const AUTHOR = indexedFields.indexOf('author');

/** Finds the papers with an author that a name means. It compares only the names that have the keys of the name. */
export function findAuthorPapers(searched: SearchedDays, name: Name, authorsOf: AuthorsOf): PaperSet {
  const bits = createBits(searched.paperCount);
  if (name.readings.some(({ whole }) => /\P{ASCII}/u.test(whole)))
    markForeignNames(searched, name, authorsOf, bits);
  else for (const reading of name.readings) markReading(searched, name, reading, authorsOf, bits);
  return fromBits(bits);
}

/** A part of a Chinese, Japanese or Korean name means every name that contains it, and those are no keys. */
function markForeignNames({ paperCount }: SearchedDays, name: Name, authorsOf: AuthorsOf, bits: Int32Array) {
  for (let paper = 0; paper < paperCount; paper += 1) {
    const isMeant = authorsOf(paper).some(
      (author) => /\P{ASCII}/u.test(author) && matchesName(name, parseName(author)),
    );
    if (isMeant) setBit(bits, paper);
  }
}

function markReading(
  { days }: SearchedDays,
  name: Name,
  reading: Reading,
  authorsOf: AuthorsOf,
  bits: Int32Array,
) {
  const { whole, family, familyCore, isOneWord } = reading;
  const families = isOneWord ? [whole] : [...new Set([whole, family, familyCore])];
  for (const day of days) {
    const { index } = day;
    const familyTerms = families.map((key) => toTerm(index, key));
    const given = isOneWord ? [] : toGivenTerms(index, reading);
    const givenTerms = given.length > 0 ? [toTerm(index, whole), ...given] : [];
    // An author has a key of either kind. The kind with fewer places is gone through.
    const isGivenRarer = given.length > 0 && countPlaces(index, givenTerms) < countPlaces(index, familyTerms);
    const [sought, others] = isGivenRarer ? [givenTerms, familyTerms] : [familyTerms, givenTerms];
    for (const terms of sought) markAuthors(day, terms, others, name, authorsOf, bits);
  }
}

/** Marks the papers of a day in which a name means an author. The author has one of some keys, and one of the others if there are any. */
function markAuthors(
  { index, numbers }: WindowDay,
  keys: TermRange,
  others: readonly TermRange[],
  name: Name,
  authorsOf: AuthorsOf,
  bits: Int32Array,
) {
  const { places, placeShift } = index;
  const { from, to } = placesOf(index, keys);
  for (let at = from; at < to; at += 1) {
    const entry = places[at] ?? 0;
    if (fieldOf(entry) !== AUTHOR) continue;
    const place = entry >>> placeShift;
    if (others.length > 0 && !hasKey(index, place, others)) continue;
    const paper = numbers[paperAt(index, place)] ?? -1;
    if (paper < 0 || hasBit(bits, paper)) continue;
    const author = authorsOf(paper)[nthAuthor(index, place)];
    if (author !== undefined && matchesName(name, parseName(author))) setBit(bits, paper);
  }
}

function countPlaces(index: OpenDay, keys: readonly TermRange[]): number {
  return keys.reduce((sum, terms) => {
    const { from, to } = placesOf(index, terms);
    return sum + to - from;
  }, 0);
}

function toTerm(index: OpenDay, key: string): TermRange {
  return findTerm(index, key, hashOfTerm(key));
}

/**
 * Returns the keys of which an author with such given names has one. Empty if every author may. The first given name may be an initial, or
 * stand for one. A later one may be the only one of the author, but then it is written alike.
 */
function toGivenTerms(index: OpenDay, { given }: Reading): readonly TermRange[] {
  const [first, ...later] = given;
  if (first === undefined) return [];
  const alike = [...later, given.join('')].map((key) => toTerm(index, key));
  if (first.length === 1) return [findTermsFrom(index, first), ...alike];
  return [toTerm(index, first), toTerm(index, first.charAt(0)), ...alike];
}

/** Returns whether the author at a place has one of some keys. */
function hasKey(index: OpenDay, place: number, keys: readonly TermRange[]): boolean {
  for (let at = firstKey(index, place); ; at += 1) {
    const term = termAt(index, at);
    for (const { from, to } of keys) if (term >= from && term < to) return true;
    if (!isJoinedAt(index, at)) return false;
  }
}

/** Returns which author of the paper is at a place, counted from 0. */
function nthAuthor(index: OpenDay, place: number): number {
  const first = firstAuthor(index, place);
  let nth = 0;
  for (let at = first; at < place; at += 1) if (!isJoinedAt(index, at)) nth += 1;
  return nth;
}

/** Returns the place of the first key of the author at a place. */
function firstKey(index: OpenDay, place: number): number {
  let first = place;
  // The last key of an author is joined to none, and neither is the gap before the first author.
  while (isJoinedAt(index, first - 1)) first -= 1;
  return first;
}

/** Returns the place of the first key of the first author of the paper at a place. */
function firstAuthor(index: OpenDay, place: number): number {
  return index.fieldEnds[paperAt(index, place) * indexedFields.length + AUTHOR - 1] ?? 0;
}
