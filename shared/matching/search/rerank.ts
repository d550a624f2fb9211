import { indexedFields } from '../index/day-index.ts';
import { type OpenDay, termAt } from '../index/open-day.ts';
import { findTerm, findTermsFrom, hashOfTerm, NO_TERMS, type TermRange, textOf } from '../index/terms.ts';
import { toRoot } from '../text/root.ts';
import type { SearchCorpus } from './corpus.ts';
import { SCORE_RULES, sumFieldPoints, toImpact, toPairImpact } from './score.ts';

/** So many papers get a second look at most. It reads all their words. */
export const MAX_RERANKED = 100;

/** A plain word of a query. Its weight is 0 if no paper has it. */
export interface WeighedWord {
  readonly text: string;
  readonly weight: number;
}

const FIELDS = indexedFields.length;
const AUTHOR = indexedFields.indexOf('author');

/**
 * Adds points to the scores of papers with words that have the same root as a word of the query. It does the same for two words that follow
 * each other as in the query.
 */
export function addWordPoints(
  { searched }: SearchCorpus,
  papers: readonly number[],
  words: readonly WeighedWord[],
  scores: Float64Array,
): void {
  let looked: LookedWords | undefined;
  const relatives = new Uint16Array(words.length * FIELDS);
  const pairs = new Uint16Array(words.length * FIELDS);
  // In this order, the papers of an index come one after the other.
  for (const paper of Uint32Array.from(papers).sort()) {
    const index = searched.days[searched.dayOf[paper] ?? 0]?.index;
    if (!index) continue;
    if (looked?.index !== index) looked = lookUp(index, words);
    const place = searched.indexInDay[paper] ?? 0;
    relatives.fill(0);
    pairs.fill(0);
    for (let field = 0; field < AUTHOR; field += 1) countWords(place, field, looked, relatives, pairs);
    let points = 0;
    for (const [nth, { weight }] of words.entries()) {
      const own = sumFieldPoints(relatives, nth * FIELDS, index.lengths, place * FIELDS);
      points += SCORE_RULES.relativeShare * weight * toImpact(own);
    }
    for (let nth = 0; nth + 1 < words.length; nth += 1) {
      const weight = Math.min(words[nth]?.weight ?? 0, words[nth + 1]?.weight ?? 0);
      points += SCORE_RULES.pairShare * weight * toPairImpact(pairs, nth * FIELDS);
    }
    scores[paper] = (scores[paper] ?? 0) + points;
  }
}

/** The words of a query in one index. */
interface LookedWords {
  readonly index: OpenDay;
  readonly words: readonly LookedWord[];
}

interface LookedWord {
  /** 0 if the index does not have it. */
  readonly term: number;
  /** The term of the next word of the query. 0 if no pair counts. */
  readonly next: number;
  /** The terms that begin with its root. A root is a beginning of all its words, so they are neighbours in an index. */
  readonly near: TermRange;
  readonly isRelative: (term: number) => boolean;
}

/** 1 for each term of one index that is a word of the query, or may be a relative of one. */
let isNear = new Uint8Array();

/** Looks the words of a query up in an index, and notes in `isNear` which terms matter. */
function lookUp(index: OpenDay, words: readonly WeighedWord[]): LookedWords {
  if (isNear.length < index.termEnds.length) isNear = new Uint8Array(index.termEnds.length);
  else isNear.fill(0);
  const terms = words.map(({ text }) => findTerm(index, text, hashOfTerm(text)).from);
  const looked = words.map(({ text }, nth) => {
    const term = terms[nth] ?? 0;
    const next = terms[nth + 1] ?? 0;
    // Only such words have relatives.
    const root = /^[a-z]{4,}$/.test(text) ? toRoot(text) : undefined;
    const near = root === undefined ? NO_TERMS : findTermsFrom(index, root);
    isNear.fill(1, near.from, near.to);
    if (term > 0) isNear[term] = 1;
    const known = new Map([[term, false]]);
    const isRelative = (other: number) => {
      const isOne = known.get(other) ?? toRoot(textOf(index, other)) === root;
      known.set(other, isOne);
      return isOne;
    };
    return { term, next: next === term ? 0 : next, near, isRelative };
  });
  return { index, words: looked };
}

/**
 * Counts how often a field of a paper has a relative of each word of a query. It does the same for pairs: the word itself, with the next word
 * of the query after it.
 */
function countWords(
  paper: number,
  field: number,
  { index, words }: LookedWords,
  relatives: Uint16Array,
  pairs: Uint16Array,
): void {
  const own = paper * FIELDS + field;
  const end = index.fieldEnds[own] ?? 0;
  for (let at = index.fieldEnds[own - 1] ?? 0; at < end; at += 1) {
    const term = termAt(index, at);
    // Most words are none of these.
    if (isNear[term] !== 1) continue;
    const following = termAt(index, at + 1);
    for (let nth = 0; nth < words.length; nth += 1) {
      const one = words[nth];
      if (!one) continue;
      const slot = nth * FIELDS + field;
      if (term >= one.near.from && term < one.near.to && one.isRelative(term))
        relatives[slot] = (relatives[slot] ?? 0) + 1;
      if (term === one.term && following === one.next && one.next > 0) pairs[slot] = (pairs[slot] ?? 0) + 1;
    }
  }
}
