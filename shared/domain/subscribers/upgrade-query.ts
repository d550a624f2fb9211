import { toReadableTex } from '../text/readable-tex.ts';

/** The version of the query language in which queries are stored. The first one had words and phrases only. */
export const QUERY_VERSION = 2;

const MAX_TERMS = 40;

const TOKEN = /"([^"]*)("?)|\S+/g;

const TYPOGRAPHIC_QUOTES = /[\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02]/g;

/** The rules of the first language are copies and never change. Otherwise a stored query could get another meaning. */
const WORD_CHARACTER = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;

/** The rules by which a release read the first language. */
interface Reading {
  /** @param isApart whether a space or nothing is before the word, and not the end of a phrase */
  isAnd(word: string, isApart: boolean): boolean;
  /** Returns whether a word outside quotes made the query invalid. */
  isRefused(word: string): boolean;
  /** Returns whether a term with these words made the query invalid. */
  isUnclear(text: string, words: readonly string[]): boolean;
}

/** How the last release of the first language read an entered query. */
const LAST: Reading = {
  isAnd: (word, isApart) => word === 'AND' || (isApart && word.toUpperCase() === 'AND'),
  isRefused: (word) =>
    /^(?:or|not)$/i.test(word) || hasSign(word) || /^[!\u2010-\u2015\u2212].|\|/.test(word),
  isUnclear(text, [word = '', ...furtherWords]) {
    const isOneLetter = furtherWords.length === 0 && [...word].length === 1 && !WORD_CHARACTER.test(word);
    return isOneLetter && /[^\p{L}\p{M}\p{N}\s]/u.test(text);
  },
};

/** How the first release read a query. Typographic quotes were no quotes, and `or` was a word. */
const FIRST: Reading = {
  isAnd: (word) => word === 'AND',
  isRefused: (word) => word === 'OR' || word === 'NOT' || hasSign(word),
  isUnclear: () => false,
};

function hasSign(word: string): boolean {
  return /^-|^\w+:(?=.)|[()*"]/.test(word);
}

/**
 * Returns a query of the first language in the present one, with its old meaning: `to or fro` becomes `to "or" fro`, and `C++`
 * becomes `c`. A text that was no query of the first language stays as it is.
 */
export function upgradeQuery(text: string): string {
  const terms = readTerms(text.replace(TYPOGRAPHIC_QUOTES, '"'), LAST) ?? readTerms(text, FIRST);
  return terms?.map(toTerm).join(' ') ?? text;
}

/** Returns the texts of the words and phrases. Undefined if the first language refused the query. */
function readTerms(text: string, reading: Reading): readonly string[] | undefined {
  const terms: string[] = [];
  let awaitsTerm = false;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, phrase, closingQuote] = match;
    if (reading.isAnd(whole, !/\S$/.test(text.slice(0, match.index)))) {
      if (terms.length === 0 || awaitsTerm) return undefined;
      awaitsTerm = true;
      continue;
    }
    if (phrase === undefined ? reading.isRefused(whole) : closingQuote === '') return undefined;
    const term = phrase ?? whole;
    const words = readWords(term);
    if (words.length === 0 || reading.isUnclear(term, words) || terms.length === MAX_TERMS) return undefined;
    terms.push(term);
    awaitsTerm = false;
  }
  return awaitsTerm ? undefined : terms;
}

/** Returns the words of a text as the first language read them. It ignored every sign. */
function readWords(text: string): readonly string[] {
  const plain = toReadableTex(text)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A word that needs no quotes in the present language. */
const PLAIN = /^(?!(?:and|or|not)$)[\p{L}\p{N}][\p{L}\p{M}\p{N}\-_.’']*$/iu;

/** Signs that the present language reads, and quotation marks, which end a phrase. */
const READ_SIGNS = /[+#*\uff0b\uff03\uff0a\u266f\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02]|\.net/i;

/** One letter with an ending that the present language drops, such as `A's`. It refuses such a letter. */
const LETTER_WITH_ENDING = /^[^\p{L}\p{N}]*\p{L}\p{M}*['’`´]s[^\p{L}\p{N}]*$/iu;

/** Returns a term in the present language. If it would read the text differently, only the old words are kept. */
function toTerm(text: string): string {
  const words = readWords(text);
  const symbols = (text.match(/\p{S}/gu) ?? []).join('').normalize('NFKD');
  // Some symbols are made of letters: `™`.
  const isRead =
    READ_SIGNS.test(text) ||
    LAST.isUnclear(text, words) ||
    LETTER_WITH_ENDING.test(text) ||
    /[\p{L}\p{N}]/u.test(symbols);
  const term = isRead ? words.join(' ') : text.trim().replace(/\s+/g, ' ');
  return PLAIN.test(term) ? term : `"${term}"`;
}
