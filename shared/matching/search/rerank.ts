import { indexedFields } from '../index/day-index.ts';
import { type OpenDay, termAt } from '../index/open-day.ts';
import { findTerm, findTermsFrom, hashOfTerm, NO_TERMS, type TermRange, termTextOf } from '../index/terms.ts';
import type { SearchCorpus } from './corpus.ts';
import { SCORE_RULES, sumFieldPoints, toImpact, toPairImpact } from './score.ts';

/** How many papers are reranked at most. That reads all their words. */
export const MAX_RERANKED = 100;

/** A plain word of a query. Its weight is 0 if no paper has it. */
export interface WeighedWord {
  readonly text: string;
  readonly weight: number;
}

const FIELDS = indexedFields.length;
const AUTHOR = indexedFields.indexOf('author');

/**
 * Adds points to the scores of papers for words with the same root as a word of the query. It does the same for two adjacent words of the
 * query that are adjacent in the paper.
 */
export function addWordPoints(
  { searched }: SearchCorpus,
  papers: readonly number[],
  words: readonly WeighedWord[],
  scores: Float64Array,
): void {
  let resolved: ResolvedWords | undefined;
  const relatives = new Uint16Array(words.length * FIELDS);
  const pairs = new Uint16Array(words.length * FIELDS);
  // Sorted, so that the papers of one index are consecutive.
  for (const paper of Uint32Array.from(papers).sort()) {
    const index = searched.days[searched.dayOf[paper] ?? 0]?.index;
    if (!index) continue;
    if (resolved?.index !== index) resolved = resolveWords(index, words);
    const inDay = searched.indexInDay[paper] ?? 0;
    relatives.fill(0);
    pairs.fill(0);
    for (let field = 0; field < AUTHOR; field += 1) countWords(inDay, field, resolved, relatives, pairs);
    let points = 0;
    for (const [nth, { weight }] of words.entries()) {
      const own = sumFieldPoints(relatives, nth * FIELDS, index.lengths, inDay * FIELDS);
      points += SCORE_RULES.relativeShare * weight * toImpact(own);
    }
    for (let nth = 0; nth + 1 < words.length; nth += 1) {
      const weight = Math.min(words[nth]?.weight ?? 0, words[nth + 1]?.weight ?? 0);
      points += SCORE_RULES.pairShare * weight * toPairImpact(pairs, nth * FIELDS);
    }
    scores[paper] = (scores[paper] ?? 0) + points;
  }
}

/** The words of a query as terms of one index. */
interface ResolvedWords {
  readonly index: OpenDay;
  readonly words: readonly ResolvedWord[];
}

interface ResolvedWord {
  /** 0 if the index does not have the word. */
  readonly term: number;
  /** The term of the next word of the query. 0 if no pair counts. */
  readonly next: number;
  /** The terms with its root as prefix, which are consecutive in an index. */
  readonly near: TermRange;
  readonly isRelative: (term: number) => boolean;
}

/** A scratch buffer: 1 for each term of one index that is a word of the query, or may have its root. */
let isNear = new Uint8Array();

/** Looks the words of a query up in an index, and marks in `isNear` the terms that matter. */
function resolveWords(index: OpenDay, words: readonly WeighedWord[]): ResolvedWords {
  if (isNear.length < index.termEnds.length) isNear = new Uint8Array(index.termEnds.length);
  else isNear.fill(0);
  const terms = words.map(({ text }) => findTerm(index, text, hashOfTerm(text)).from);
  const resolved = words.map(({ text }, nth) => {
    const term = terms[nth] ?? 0;
    const next = terms[nth + 1] ?? 0;
    // Other words have no relatives.
    const root = /^[a-z]{4,}$/.test(text) ? toRoot(text) : undefined;
    const near = root === undefined ? NO_TERMS : findTermsFrom(index, root);
    isNear.fill(1, near.from, near.to);
    if (term > 0) isNear[term] = 1;
    const known = new Map([[term, false]]);
    const isRelative = (candidate: number) => {
      const hasRoot = known.get(candidate) ?? toRoot(termTextOf(index, candidate)) === root;
      known.set(candidate, hasRoot);
      return hasRoot;
    };
    return { term, next: next === term ? 0 : next, near, isRelative };
  });
  return { index, words: resolved };
}

/**
 * Counts how often a field of a paper has a relative of each word of a query. It also counts how often the word is followed by the next word
 * of the query.
 */
function countWords(
  paper: number,
  field: number,
  { index, words }: ResolvedWords,
  relatives: Uint16Array,
  pairs: Uint16Array,
): void {
  const own = paper * FIELDS + field;
  const end = index.fieldEnds[own] ?? 0;
  for (let at = index.fieldEnds[own - 1] ?? 0; at < end; at += 1) {
    const term = termAt(index, at);
    // Most words do not matter.
    if (isNear[term] !== 1) continue;
    const following = termAt(index, at + 1);
    for (let nth = 0; nth < words.length; nth += 1) {
      const word = words[nth];
      if (!word) continue;
      const slot = nth * FIELDS + field;
      if (term >= word.near.from && term < word.near.to && word.isRelative(term))
        relatives[slot] = (relatives[slot] ?? 0) + 1;
      if (term === word.term && following === word.next && word.next > 0)
        pairs[slot] = (pairs[slot] ?? 0) + 1;
    }
  }
}

/** Endings that make another word of the same family, longest first. */
const ENDING =
  /(?:ization|isation|ational|ically|ation|ative|ating|ated|ment|ness|able|ible|abil|ibil|ance|ence|ical|ally|ity|ive|ion|ing|ous|ant|ent|ate|ize|ise|iv|os|ed|er|or|al|ic|ly|es|e|y|i|s)$/;

/** The minimum length of a root, in letters. */
const MIN_ROOT_LENGTH = 4;

/**
 * Returns what an English word has in common with its family: `train` for `training` and `trained`, `viscos` for `viscosity`. It is always
 * a prefix of the word. A word with a digit or sign, or a short one, is its own root.
 *
 * Roots only rank papers. Matching uses singulars, because `policy` and `police` have the same root.
 */
export function toRoot(word: string): string {
  if (!/^[a-z]{5,}$/.test(word)) return word;
  let root = word;
  for (;;) {
    const shorter = root.replace(ENDING, '');
    if (shorter === root || shorter.length < MIN_ROOT_LENGTH) break;
    root = shorter;
  }
  // `running` is `runn` without its ending.
  return /([^aeiouls])\1$/.test(root) && root.length > MIN_ROOT_LENGTH ? root.slice(0, -1) : root;
}
