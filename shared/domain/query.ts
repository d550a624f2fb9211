import * as z from 'zod';
import { PermanentError } from './errors.ts';
import { foldWords } from './fold.ts';

/** One condition of a query: a word, or a phrase whose words follow each other. */
export interface QueryTerm {
  /** As the subscriber wrote it, without quotes. */
  readonly text: string;
  /** Its folded words. A phrase or a hyphenated word has more than one. */
  readonly words: readonly string[];
}

/** A parsed query. A paper matches if it has every term. A query without terms matches every paper. */
export interface Query {
  readonly terms: readonly QueryTerm[];
}

/** The query is invalid. The message says where and why. */
export class QueryError extends PermanentError {
  override readonly name = 'QueryError';

  /** 0-based index into the query's text. */
  readonly position: number;

  /** What is wrong, without the place. */
  readonly problem: string;

  constructor(position: number, problem: string) {
    super(`at character ${position + 1}: ${problem}`);
    this.position = position;
    this.problem = problem;
  }
}

/** The longest query, in characters. */
export const MAX_QUERY_LENGTH = 500;

/** Limits the time that one query takes, so that no subscriber slows down the digests of others. */
const MAX_TERMS = 40;

const TOKEN = /"([^"]*)("?)|\S+/g;

/** Quotation marks of phones, word processors and other languages. Each is one character, so positions do not change. */
const TYPOGRAPHIC_QUOTES = /[\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02]/g;

/** Scripts in which one character can be a word. */
const WORD_CHARACTER = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;

/** The rules for a query: for one that is entered now, or for one that an earlier version stored. */
interface Rules {
  isAnd(word: string): boolean;
  /** Returns why a word outside quotation marks is invalid. */
  findProblem(word: string): string | undefined;
  /** Returns why a term is invalid with these folded words. */
  findTermProblem?(term: QueryTerm): string | undefined;
}

const ENTERED: Rules = {
  isAnd: (word) => word.toUpperCase() === 'AND',
  findProblem(word) {
    const inQuotes = 'To search for the word itself, put it in quotes';
    switch (word.toUpperCase()) {
      case 'OR':
        return `"${word}" is not supported yet. ${inQuotes}. To follow either of two topics, use one subscription for each. You can add subscriptions after you sign up`;
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
 * Parses a query that somebody enters: at most 40 words and "phrases", with or without `and` between them. A paper must have all of
 * them. Typographic quotes count as quotes.
 *
 * @example parseQuery('“residual stream” mlp').terms.map(({ words }) => words) // [['residual', 'stream'], ['mlp']]
 * @throws QueryError for text that would match other papers than the subscriber means: `or`, `not`, signs, `C++`
 */
export function parseQuery(text: string): Query {
  return readTerms(text.replace(TYPOGRAPHIC_QUOTES, '"'), ENTERED);
}

/**
 * Parses a stored query. If {@link parseQuery} no longer accepts it, it keeps its old meaning: `or` is a word, and `C++` is the
 * word `c`.
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

/** The text of a query that somebody enters: at most 500 characters, and valid for {@link parseQuery}. */
export const querySchema = createSchema(parseQuery);

/** The text of a query in a stored profile: valid for {@link parseStoredQuery}. */
export const storedQuerySchema = createSchema(parseStoredQuery);

/** Returns what is wrong with a query that a schema refused, without the place. */
export function findQueryProblem({ issues: [issue] }: z.ZodError): string {
  const { problem } = (issue?.code === 'custom' && issue.params) || {};
  return problem ?? `a query has at most ${MAX_QUERY_LENGTH} characters`;
}

function createSchema(parse: (text: string) => Query) {
  return z
    .string()
    .max(MAX_QUERY_LENGTH)
    .superRefine((text, context) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        context.addIssue({ code: 'custom', message: error.message, params: { problem: error.problem } });
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
    throw new QueryError(token.index, 'a quotation mark is never closed. Add a second one');
  const problem = phrase === undefined ? rules.findProblem(whole) : undefined;
  if (problem) throw new QueryError(token.index, problem);

  const text = phrase ?? whole;
  const term = { text, words: foldWords(text) };
  if (term.words.length === 0) throw new QueryError(token.index, `"${text}" has no letter or digit`);
  const termProblem = rules.findTermProblem?.(term);
  if (termProblem) throw new QueryError(token.index, termProblem);
  return term;
}

/** Returns the sign in a word that has a meaning in other search engines. */
function findSign(word: string): string | undefined {
  return /^-|^\w+:(?=.)|[()*"]/.exec(word)?.[0];
}
