import { isPartOfNames, matchesName, type Name, parseName, type Reading } from '../text/names.ts';
import { fieldOf, indexedFields } from './day-index.ts';
import { isJoinedAt, type OpenDay, paperAt, placesOf, termAt } from './open-day.ts';
import { createBits, fromBits, hasBit, type PaperSet, setBit } from './paper-set.ts';
import { findTerm, findTermsFrom, hashOfTerm, type TermRange, textOf } from './terms.ts';
import type { SearchedDays, WindowDay } from './word-papers.ts';

/** Returns the name of the author of a paper, as it was indexed. The authors of a paper are counted from 0. */
export type AuthorOf = (paper: number, nth: number) => string | undefined;

/** Returns whether a name of a query means an author. */
type IsMeant = (author: string) => boolean;

const AUTHOR = indexedFields.indexOf('author');

/** Finds the papers with an author that a name means. It compares only the names that have the keys of the name. */
export function findAuthorPapers(searched: SearchedDays, name: Name, authorOf: AuthorOf): PaperSet {
  const bits = createBits(searched.paperCount);
  const isMeant = createNameCheck(name);
  for (const reading of name.readings) markReading(searched, reading, isMeant, authorOf, bits);
  return fromBits(bits);
}

/** Parsing a name takes long, and many papers have the same authors. So each name is compared once. */
function createNameCheck(name: Name): IsMeant {
  const known = new Map<string, boolean>();
  return (author) => {
    const isMeant = known.get(author) ?? matchesName(name, parseName(author));
    known.set(author, isMeant);
    return isMeant;
  };
}

function markReading(
  { days }: SearchedDays,
  reading: Reading,
  isMeant: IsMeant,
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
    // An author has a key of either kind. The kind with fewer places is gone through.
    const isGivenRarer = given.length > 0 && countPlaces(index, givenTerms) < countPlaces(index, familyTerms);
    const [sought, others] = isGivenRarer ? [givenTerms, familyTerms] : [familyTerms, givenTerms];
    for (const terms of sought) markAuthors(day, terms, others, isMeant, authorOf, bits);
  }
}

/** Marks the papers of a day in which a name means an author. The author has one of some keys, and one of the others if there are any. */
function markAuthors(
  { index, numbers }: WindowDay,
  keys: TermRange,
  others: readonly TermRange[],
  isMeant: IsMeant,
  authorOf: AuthorOf,
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
    const author = authorOf(paper, nthAuthor(index, place));
    if (author !== undefined && isMeant(author)) setBit(bits, paper);
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

/** Returns the keys that contain a part of a name in a script without spaces. */
function toTermsWith(index: OpenDay, part: string): readonly TermRange[] {
  const terms = index.foreignTerms.filter((term) => textOf(index, term).includes(part));
  return terms.map((term) => ({ from: term, to: term + 1 }));
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
