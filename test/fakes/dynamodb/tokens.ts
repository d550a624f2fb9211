import { UnsupportedRequestError } from './refusals.ts';

/** Reads an expression word by word, and records its placeholders. */
export interface Tokens {
  readonly expression: string;
  /** The placeholders so far: `#name` and `:value`. */
  readonly placeholders: ReadonlySet<string>;
  peek(): string | undefined;
  /** @throws UnsupportedRequestError at the end of the expression */
  next(): string;
  /** Reads a `:value`. */
  nextValue(): string;
  /** Reads the word if it comes next. Keywords may be in upper or lower case. */
  takeIf(word: string): boolean;
  /** @throws UnsupportedRequestError for any other word */
  take(word: string): void;
  /** Returns the error for an expression that cannot be parsed. */
  fault(found: string | undefined): UnsupportedRequestError;
}

const TOKEN = /\s*([#:]?\w+|<>|<=|>=|[=<>()[\].,])\s*/y;

/**
 * Returns the words of an expression: `subscriberIds[3] = :id` → `subscriberIds`, `[`, `3`, `]`, `=`, `:id`.
 *
 * @throws UnsupportedRequestError for a character that no known expression has
 */
export function tokensOf(expression: string): Tokens {
  const words = split(expression);
  const placeholders = new Set<string>();
  let at = 0;

  const fault = (found: string | undefined) =>
    new UnsupportedRequestError(`the expression "${expression}" is not understood at ${found ?? 'its end'}`);
  const next = () => {
    const word = words[at];
    if (word === undefined) throw fault(word);
    at += 1;
    if (word.startsWith('#') || word.startsWith(':')) placeholders.add(word);
    return word;
  };
  const takeIf = (word: string) => {
    const isNext = words[at]?.toUpperCase() === word;
    if (isNext) at += 1;
    return isNext;
  };
  return {
    expression,
    placeholders,
    fault,
    next,
    takeIf,
    peek: () => words[at],
    nextValue() {
      const word = next();
      if (!word.startsWith(':')) throw fault(word);
      return word;
    },
    take(word) {
      if (!takeIf(word)) throw fault(words[at]);
    },
  };
}

function split(expression: string): readonly string[] {
  const words: string[] = [];
  let end = 0;
  while (end < expression.length) {
    TOKEN.lastIndex = end;
    const [, word] = TOKEN.exec(expression) ?? [];
    if (word === undefined) {
      throw new UnsupportedRequestError(`the expression "${expression}" is not understood at ${end}`);
    }
    words.push(word);
    end = TOKEN.lastIndex;
  }
  return words;
}
