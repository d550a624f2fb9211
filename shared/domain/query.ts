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

/** A query that cannot be understood, with the place and what was expected there. */
export class QueryError extends PermanentError {
  override readonly name = 'QueryError';

  /** 0-based index into the query's text. */
  readonly position: number;

  constructor(position: number, found: string, expected: string) {
    super(`at character ${position + 1}: found ${found}, expected ${expected}`);
    this.position = position;
  }
}

/** The longest query, in characters. */
export const MAX_QUERY_LENGTH = 500;

/** More than anybody thinks of, and few enough that no query slows down the digests of others. */
const MAX_TERMS = 40;

const TOKEN = /"([^"]*)("?)|\S+/g;
const SIGNS: Readonly<Record<string, string>> = {
  OR: '"OR"',
  NOT: '"NOT"',
};

/**
 * Reads a query: at most 40 words and "phrases", all of which must be found, with or without `AND` between them.
 *
 * @example parseQuery('"residual stream" mlp').terms.map(({ words }) => words) // [['residual', 'stream'], ['mlp']]
 * @throws QueryError for anything else
 */
export function parseQuery(text: string): Query {
  const terms: QueryTerm[] = [];
  let awaitsTerm = false;
  for (const token of text.matchAll(TOKEN)) {
    if (token[0] === 'AND') {
      if (terms.length === 0 || awaitsTerm)
        throw new QueryError(token.index, '"AND"', 'a word or a "phrase"');
      awaitsTerm = true;
      continue;
    }
    if (terms.length === MAX_TERMS)
      throw new QueryError(token.index, 'one more', `at most ${MAX_TERMS} words and "phrases"`);
    terms.push(parseTerm(token));
    awaitsTerm = false;
  }
  if (awaitsTerm) throw new QueryError(text.length, 'the end', 'a word or a "phrase" after AND');
  return { terms };
}

/** A query's text as a subscription holds it: at most 500 characters and 40 terms, and one that {@link parseQuery} can read. */
export const querySchema = z
  .string()
  .max(MAX_QUERY_LENGTH)
  .superRefine((text, context) => {
    try {
      parseQuery(text);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

function parseTerm(token: RegExpExecArray): QueryTerm {
  const [whole, phrase, closingQuote] = token;
  if (phrase !== undefined && closingQuote === '') {
    throw new QueryError(token.index, 'a quotation mark that is never closed', 'a second "');
  }
  const sign = phrase === undefined ? findSign(whole) : undefined;
  if (sign) throw new QueryError(token.index, sign, 'plain words and "phrases" only');

  const text = phrase ?? whole;
  const words = foldWords(text);
  if (words.length === 0) throw new QueryError(token.index, `"${text}"`, 'a letter or a digit in it');
  return { text, words };
}

/** The sign in a word that would mean more than a word in a search, so that nobody is misunderstood in silence. */
function findSign(word: string): string | undefined {
  return SIGNS[word] ?? /^-|^\w+:(?=.)|[()*"]/.exec(word)?.[0];
}
