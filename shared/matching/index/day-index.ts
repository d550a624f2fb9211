import type { Paper } from '../../domain/papers/paper.ts';
import { toReadableTex } from '../../domain/text/readable-tex.ts';
import { analyse } from '../text/analyser.ts';
import { toAuthorKeys } from '../text/names.ts';
import { type SortedTerms, toSortedTerms } from './terms.ts';

/** The searched parts of a paper, in the order of an index. */
export const indexedFields = ['title', 'abstract', 'keyword', 'org', 'author'] as const;

export type IndexedField = (typeof indexedFields)[number];

/** The texts of a paper that an index is built from. */
export type IndexedTexts = Pick<Paper, 'title' | 'abstract' | 'aiKeywords' | 'organisation' | 'authors'>;

/**
 * The words of papers, such as those of one list on one day. It is immutable. It holds only typed arrays, so it can be stored as bytes.
 * `openDay` adds what is cheaper to compute than to store.
 *
 * Votes and other numbers are not in it. They come from the papers beside it.
 */
export interface DayIndex extends SortedTerms {
  /**
   * Every word of every paper in reading order, as `term << 4 | field << 1 | isJoined`. A field is its index in {@link indexedFields}.
   * A 0 follows each field and each keyword, so that no phrase crosses it. Authors have their keys as words, and a key is joined
   * to the next one of the same author. An author without keys has the empty term.
   */
  readonly words: Uint32Array;
  /** Where the words of each paper end in `words`. */
  readonly paperEnds: Uint32Array;
}

export const FIELD_SHIFT = 1;
const FIELD_MASK = 0b111;
export const TERM_SHIFT = 4;
/** The bits of a word besides its term. */
export const BELOW_TERM: number = (1 << TERM_SHIFT) - 1;

/** The fields to search: bit `n` stands for the field `n` of {@link indexedFields}. */
export type FieldBits = number;

/** Returns the index of a word's field in {@link indexedFields}. */
export function fieldOf(word: number): number {
  return (word >>> FIELD_SHIFT) & FIELD_MASK;
}

/** Returns whether a word is joined to the next one, for example by a hyphen. */
export function isJoined(word: number): boolean {
  return (word & 1) === 1;
}

/** Builds the index of the papers. It keeps their order. */
export function buildDayIndex(papers: readonly IndexedTexts[]): DayIndex {
  const provisional = new Map([['', 0]]);
  const words: number[] = [];
  const paperEnds = new Uint32Array(papers.length);
  const add = (field: IndexedField, stem: string, joined: boolean) => {
    const term = provisional.get(stem) ?? provisional.size;
    if (term === provisional.size) provisional.set(stem, term);
    words.push((term << TERM_SHIFT) | (indexedFields.indexOf(field) << FIELD_SHIFT) | Number(joined));
  };
  const addText = (field: IndexedField, text: string) => {
    for (const word of analyse(toReadableTex(text))) add(field, word.stem, word.isJoined);
    words.push(0);
  };

  for (const [at, paper] of papers.entries()) {
    addText('title', paper.title);
    addText('abstract', paper.abstract);
    for (const keyword of paper.aiKeywords) addText('keyword', keyword);
    addText('org', paper.organisation ?? '');
    for (const author of paper.authors) {
      const keys = toAuthorKeys(author);
      if (keys.length === 0) add('author', '', false);
      for (const [nth, key] of keys.entries()) add('author', key, nth < keys.length - 1);
    }
    words.push(0);
    paperEnds[at] = words.length;
  }
  return sortTerms([...provisional.keys()], words, paperEnds);
}

/** Returns the index of the words, with the terms renumbered in the order of their texts. */
function sortTerms(terms: readonly string[], words: ArrayLike<number>, paperEnds: Uint32Array): DayIndex {
  // The default order of strings is that of their UTF-16 units.
  const sorted = [...terms].sort();
  const termOf = new Map<string, number>();
  for (let term = 0; term < sorted.length; term += 1) termOf.set(sorted[term] ?? '', term);
  const renumbered = Uint32Array.from(terms, (text) => termOf.get(text) ?? 0);
  const renumberedWords = new Uint32Array(words.length);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    renumberedWords[at] = ((renumbered[word >>> TERM_SHIFT] ?? 0) << TERM_SHIFT) | (word & BELOW_TERM);
  }
  return { ...toSortedTerms(sorted), words: renumberedWords, paperEnds };
}
