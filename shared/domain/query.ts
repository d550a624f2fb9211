import * as z from 'zod';
import { PermanentError } from './errors.ts';
import { foldWords } from './fold.ts';

/** One condition of a query: a word, or a phrase whose words follow each other. */
export interface QueryTerm {
  /** As the subscriber wrote it, without quotes. */
  readonly text: string;
  /** Its words, folded; more than one for a phrase or a hyphenated word. */
  readonly words: readonly string[];
}

/** A parsed query: every term must be found. Without terms it matches every paper. */
export interface Query {
  readonly terms: readonly QueryTerm[];
}

/** A query that cannot be understood, with the place and what is wrong there. */
export class QueryError extends PermanentError {
  override readonly name = 'QueryError';

  /** 0-based index into the query's text. */
  readonly position: number;

  constructor(position: number, problem: string) {
    super(`at character ${position + 1}: ${problem}`);
    this.position = position;
  }
}

/** The longest query, in characters. */
export const MAX_QUERY_LENGTH = 500;

/** More than anybody thinks of, and few enough that no query slows down the digests of others. */
const MAX_TERMS = 40;

const TOKEN = /"([^"]*)("?)|\S+/g;

/** What phones, word processors and other languages write for `"`. Each is one character, so that places stay the same. */
const TYPOGRAPHIC_QUOTES = /[\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02]/g;

/** Scripts in which one character can be a word. */
const WORD_CHARACTER = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;

/** How strictly a query is read: as somebody enters it now, or by the rules under which it was once stored. */
interface Rules {
  isAnd(word: string): boolean;
  /** Why a word, which is in no quotation marks, cannot be searched for. */
  findProblem(word: string): string | undefined;
  /** Why a term cannot be searched for by the words in it. */
  findTermProblem?(term: QueryTerm): string | undefined;
}

const ENTERED: Rules = {
  isAnd: (word) => word.toUpperCase() === 'AND',
  findProblem(word) {
    const inQuotes = 'To search for the word itself, put it in quotes';
    switch (word.toUpperCase()) {
      case 'OR':
        return `"${word}" is not supported yet. ${inQuotes}. To follow either of two topics, use one subscription for each: you can add more once you have confirmed`;
      case 'NOT':
        return `"${word}" is not supported yet. ${inQuotes}`;
      default: {
        const sign = findSign(word) ?? /^[!\u2010-\u2015\u2212](?=.)|\|/.exec(word)?.[0];
        return sign && `"${sign}" is not supported yet. Use words or "phrases"`;
      }
    }
  },
  findTermProblem({ text, words: [word = '', ...others] }) {
    const isOneLetter = others.length === 0 && [...word].length === 1 && !WORD_CHARACTER.test(word);
    if (!isOneLetter || !/[^\p{L}\p{M}\p{N}\s]/u.test(text)) return undefined;
    return `only "${word}" of "${text}" can be searched for. Use a longer word, or a "phrase" of several words`;
  },
};

const STORED: Rules = {
  isAnd: (word) => word === 'AND',
  findProblem(word) {
    const sign = ['OR', 'NOT'].includes(word) ? word : findSign(word);
    return sign && `"${sign}" is not supported`;
  },
};

/**
 * Reads a query that somebody enters: at most 40 words and "phrases", all of which must be found, with or without `and` between
 * them. Typographic quotes are quotes.
 *
 * @example parseQuery('“residual stream” mlp').terms.map(({ words }) => words) // [['residual', 'stream'], ['mlp']]
 * @throws QueryError for anything that would be searched for in another sense than it was meant: `or`, `not`, signs, `C++`
 */
export function parseQuery(text: string): Query {
  return readTerms(text.replace(TYPOGRAPHIC_QUOTES, '"'), ENTERED);
}

/**
 * Reads a stored query. One that {@link parseQuery} would no longer accept matches what it always matched: there `or` is a word,
 * and `C++` the word `c`.
 *
 * @throws QueryError for a query that was never accepted
 */
export function parseStoredQuery(text: string): Query {
  try {
    return parseQuery(text);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return readTerms(text, STORED);
  }
}

/** The text of a query as somebody enters it: at most 500 characters and 40 terms, and one that {@link parseQuery} can read. */
export const querySchema = createSchema(parseQuery);

/** The text of a query as a profile holds it: one that {@link parseStoredQuery} can read. */
export const storedQuerySchema = createSchema(parseStoredQuery);

function createSchema(parse: (text: string) => Query) {
  return z
    .string()
    .max(MAX_QUERY_LENGTH)
    .superRefine((text, context) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
      }
    });
}

function readTerms(text: string, rules: Rules): Query {
  const terms: QueryTerm[] = [];
  let awaitsTerm = false;
  for (const token of text.matchAll(TOKEN)) {
    if (rules.isAnd(token[0])) {
      if (terms.length === 0 || awaitsTerm)
        throw new QueryError(token.index, `"${token[0]}" must have a word or a "phrase" before it`);
      awaitsTerm = true;
      continue;
    }
    if (terms.length === MAX_TERMS)
      throw new QueryError(token.index, `a query has at most ${MAX_TERMS} words and "phrases"`);
    terms.push(readTerm(token, rules));
    awaitsTerm = false;
  }
  if (awaitsTerm) throw new QueryError(text.length, 'the query ends with "and". Add a word or a "phrase"');
  return { terms };
}

function readTerm(token: RegExpExecArray, rules: Rules): QueryTerm {
  const [whole, phrase, closingQuote] = token;
  if (phrase !== undefined && closingQuote === '')
    throw new QueryError(token.index, 'found a quotation mark that is never closed. Add a second one');
  const problem = phrase === undefined ? rules.findProblem(whole) : undefined;
  if (problem) throw new QueryError(token.index, problem);

  const text = phrase ?? whole;
  const term = { text, words: foldWords(text) };
  if (term.words.length === 0) throw new QueryError(token.index, `"${text}" has no letter or digit`);
  const termProblem = rules.findTermProblem?.(term);
  if (termProblem) throw new QueryError(token.index, termProblem);
  return term;
}

/** The sign in a word that would mean more than a word in a search. */
function findSign(word: string): string | undefined {
  return /^-|^\w+:(?=.)|[()*"]/.exec(word)?.[0];
}
