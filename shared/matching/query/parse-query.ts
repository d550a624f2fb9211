import {
  ALL_PAPERS,
  allOf,
  anyOf,
  type Condition,
  negate,
  QueryError,
  type QueryNode,
  type Sign,
  type SourceRange,
} from './query.ts';
import {
  endsWord,
  isClosing,
  isColon,
  isDash,
  isOpening,
  isQuote,
  isSpace,
  STAR,
} from './query-characters.ts';
import { isField, type QueryField, toCondition } from './query-fields.ts';

/** The maximum length of an entered query, in UTF-16 units. */
export const MAX_QUERY_LENGTH = 500;

/** Limits the time that one query takes, so that no subscriber slows down the digests of others. */
export const MAX_CONDITIONS = 40;

/** How many parentheses can be nested. */
export const MAX_DEPTH = 10;

/**
 * Returns the syntax tree of a query. The text may have any length: `querySchema` limits queries that are entered.
 *
 * `NOT` and `-` bind most tightly, then `AND` or a space, then `OR`. Typographic quotes and dashes count as plain ones.
 *
 * @example parseQuery('“residual stream” OR mlp -title:survey')
 * @throws QueryError for the first fault
 */
export function parseQuery(text: string): QueryNode {
  return new Parser(text).parse();
}

/** Like {@link parseQuery}, but returns undefined for an invalid query. */
export function parseQueryIfValid(text: string): QueryNode | undefined {
  const parsed = tryParseQuery(text);
  return parsed instanceof QueryError ? undefined : parsed;
}

/** Like {@link parseQuery}, but returns the fault of an invalid query. */
export function tryParseQuery(text: string): QueryNode | QueryError {
  try {
    return parseQuery(text);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    error.sign = signOf(text, { start: startOfCondition(text, error.position) });
    return error;
  }
}

/** Returns the start of the condition with the fault, which may be after the field or in its value. */
function startOfCondition(text: string, position: number): number {
  const [field = ''] = /[a-z]{2,8}(?:[:：][(（]?\s*)?$/i.exec(text.slice(0, position)) ?? [];
  return position - field.length;
}

/** Returns the sign of a condition. Advice and hints must keep it. */
export function signOf(text: string, { start }: Pick<SourceRange, 'start'>): Sign {
  const isNegated =
    isDash(text.charCodeAt(start - 1)) || /(?:^|[\s()（）"”])NOT\s+$/.test(text.slice(0, start));
  return isNegated ? '-' : '';
}

class Parser {
  readonly #text: string;
  #at = 0;
  #conditions = 0;
  #depth = 0;
  /** What precedes the position at which a condition is expected. Empty at the start. */
  #before = '';

  constructor(text: string) {
    this.#text = text;
  }

  parse(): QueryNode {
    this.#skipSpace();
    if (this.#at === this.#text.length) return ALL_PAPERS;
    const node = this.#readOr(undefined);
    if (this.#at < this.#text.length) throw new QueryError('unopened-parenthesis', this.#at);
    return node;
  }

  #readOr(field: QueryField | undefined): QueryNode {
    const first = this.#readAnd(field);
    if (!this.#takeOperator('OR')) return first;
    const others: QueryNode[] = [];
    do others.push(this.#readAnd(field));
    while (this.#takeOperator('OR'));
    return anyOf(first, ...others);
  }

  #readAnd(field: QueryField | undefined): QueryNode {
    const first = this.#readNot(field);
    if (this.#endsAnd()) return first;
    const parts = [first];
    do {
      this.#takeOperator('AND');
      parts.push(this.#readNot(field));
    } while (!this.#endsAnd());
    return allOf(parts);
  }

  #endsAnd(): boolean {
    this.#skipSpace();
    return this.#at === this.#text.length || isClosing(this.#code()) || this.#isOperator('OR');
  }

  #readNot(field: QueryField | undefined): QueryNode {
    this.#skipSpace();
    if (this.#takeOperator('NOT')) return negate(this.#readNot(field));
    if (!isDash(this.#code())) return this.#readPrimary(field);
    const dash = this.#at;
    this.#at += 1;
    const next = this.#code();
    if (Number.isNaN(next) || isSpace(next) || isDash(next) || isClosing(next))
      throw new QueryError('lone-dash', dash);
    this.#before = '"-"';
    return negate(this.#readPrimary(field));
  }

  #readPrimary(field: QueryField | undefined): QueryNode {
    const code = this.#code();
    if (isOpening(code)) return this.#readGroup(field, this.#at);
    if (isQuote(code)) return this.#readPhrase(field, this.#at);
    if (Number.isNaN(code) || isClosing(code)) throw this.#nothing();
    return this.#readWord(field);
  }

  /** Reads a group whose parenthesis comes next. */
  #readGroup(field: QueryField | undefined, start: number): QueryNode {
    const opening = this.#at;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new QueryError('too-many-parentheses', opening);
    this.#at += 1;
    this.#before = `"${this.#text.slice(start, this.#at)}"`;
    const node = this.#readOr(field);
    if (this.#at === this.#text.length) throw new QueryError('unclosed-parenthesis', opening);
    this.#at += 1;
    this.#depth -= 1;
    this.#checkGap('")"');
    return node;
  }

  /** Reads a phrase whose quotation mark comes next. */
  #readPhrase(field: QueryField | undefined, start: number): QueryNode {
    const opening = this.#at;
    let end = opening + 1;
    while (end < this.#text.length && !isQuote(this.#text.charCodeAt(end))) end += 1;
    if (end === this.#text.length) throw new QueryError('unclosed-quote', opening);
    let value = this.#text.slice(opening + 1, end);
    this.#at = end + 1;
    if (this.#code() === STAR) {
      value += '*';
      this.#at += 1;
    }
    this.#checkGap('the quotation mark');
    return this.#toCondition(field, value, start, opening);
  }

  #readWord(field: QueryField | undefined): QueryNode {
    const start = this.#at;
    const text = this.#text;
    let end = start;
    let colon = -1;
    for (let code = text.charCodeAt(end); !endsWord(code); code = text.charCodeAt(end)) {
      if (colon === -1 && isColon(code)) colon = end;
      end += 1;
    }
    this.#at = end;
    const next = this.#code();
    const isBeforeValue = isQuote(next) || isOpening(next);
    const word = text.slice(start, end);
    if (word === 'OR' || word === 'NOT' || (word.length === 3 && word.toUpperCase() === 'AND'))
      throw new QueryError('misplaced-operator', start, word, this.#before);
    const name = colon === -1 ? '' : text.slice(start, colon);
    // A word before a colon and a space is a word: `Mamba: Linear-Time Sequence Modeling`.
    if (/^[a-z_]+$/i.test(name) && (colon < end - 1 || isBeforeValue || isField(name.toLowerCase())))
      return this.#readField(field, name, start, colon);
    checkWord(word, start, field, text.slice(end));
    if (isBeforeValue) throw new QueryError('missing-space', end, `"${word}"`);
    return this.#toCondition(field, word, start, start);
  }

  /** Reads the value after a colon. The parser is past the value, unless a quotation mark or a parenthesis comes next. */
  #readField(outer: QueryField | undefined, typed: string, start: number, colon: number): QueryNode {
    const value = this.#text.slice(colon + 1, this.#at);
    const name = typed.toLowerCase();
    if (!isField(name)) throw new QueryError('unknown-field', start, typed, value);
    if (outer) throw new QueryError('nested-field', start, typed, outer);
    const next = this.#code();
    if (value === '') {
      if (isQuote(next)) return this.#readPhrase(name, start);
      if (isOpening(next)) return this.#readGroup(name, start);
      throw new QueryError('missing-value', this.#at, name, isSpace(next) ? ' ' : '');
    }
    if (isQuote(next) || isOpening(next))
      throw new QueryError('missing-space', this.#at, `"${typed}:${value}"`);
    if (isDash(value.charCodeAt(0)))
      throw new QueryError('dash-before-value', colon + 1, name, value.slice(1));
    return this.#toCondition(name, value, start, colon + 1);
  }

  #toCondition(field: QueryField | undefined, value: string, start: number, valueAt: number): Condition {
    this.#conditions += 1;
    if (this.#conditions > MAX_CONDITIONS) throw new QueryError('too-many-conditions', start);
    return toCondition(field, value, { start, end: this.#at }, valueAt);
  }

  /** Refuses what follows a phrase or a group without a space. */
  #checkGap(after: string): void {
    const code = this.#code();
    if (Number.isNaN(code) || isSpace(code) || isClosing(code)) return;
    const next = this.#text.slice(this.#at, this.#at + 2);
    const isSeparator = /^[,;.](?:[\s)]|$)/.test(next);
    throw new QueryError('missing-space', this.#at, after, isSeparator ? next.charAt(0) : '');
  }

  /** Returns the error for a missing condition. */
  #nothing(): QueryError {
    return this.#before === ''
      ? new QueryError('unopened-parenthesis', this.#at)
      : new QueryError('missing-condition', this.#at, this.#before);
  }

  #takeOperator(operator: Operator): boolean {
    this.#skipSpace();
    if (!this.#isOperator(operator)) return false;
    this.#before = `"${this.#text.slice(this.#at, this.#at + operator.length)}"`;
    this.#at += operator.length;
    return true;
  }

  /** Returns whether an operator comes next. `and` can be in small letters, because it changes nothing. */
  #isOperator(operator: Operator): boolean {
    const text = this.#text;
    const first = text.charCodeAt(this.#at);
    if ((operator === 'AND' ? first & ~32 : first) !== operator.charCodeAt(0)) return false;
    const end = this.#at + operator.length;
    const word = text.slice(this.#at, end);
    return (operator === 'AND' ? word.toUpperCase() : word) === operator && endsWord(text.charCodeAt(end));
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  /** Returns the UTF-16 unit that comes next, or NaN at the end. */
  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }
}

type Operator = 'AND' | 'OR' | 'NOT';

/** Most words: letters and digits, with hyphens or full stops inside, but not `or` and `not`. */
const HARMLESS = /^(?!(?:or|not)$)[a-z\d](?:[a-z\d.,;-]*[a-z\d])?$/i;

const SINGLE_QUOTE = /^['‘‚`´]/;

/**
 * Refuses a word outside quotes that would be misread: an operator in lower case, or a sign of another language.
 *
 * @param field the field whose parentheses contain the word
 * @param after the text after the word
 */
function checkWord(word: string, position: number, field: QueryField | undefined, after: string): void {
  if (HARMLESS.test(word)) return;
  if (/^(?:or|not)$/i.test(word)) throw new QueryError('lower-case-operator', position, word);
  const sign = findSign(word, after);
  if (sign) throw new QueryError('unsupported-sign', position + word.indexOf(sign), sign);
  if (field) return;
  const [, name, comparison = ''] = /^([a-z]*)([<>=≤≥].*)/i.exec(word) ?? [];
  if (name === '') throw new QueryError('missing-field', position, comparison);
  if (name) throw new QueryError('missing-colon', position + name.length, name, comparison);
}

function findSign(word: string, after: string): string | undefined {
  if (word.includes('|')) return '|';
  if (/^&+$|&&/.test(word)) return '&';
  const isQuoted = SINGLE_QUOTE.test(word) && /[\p{L}\p{N}.,*]['’‘`´](?:[\s,)]|$)/u.test(word + after);
  return isQuoted || /^[!*]/.test(word) ? word.charAt(0) : undefined;
}
