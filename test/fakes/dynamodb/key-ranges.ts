import { compareStrings } from './compare-values.ts';
import { nameOf, once, type Parsed, type Placeholders, valueNamed } from './placeholders.ts';
import { InvalidRequestError } from './refusals.ts';
import { type Tokens, tokensOf } from './tokens.ts';

/** The key attributes of a table or an index. */
export interface KeySchema {
  readonly partition: string;
  readonly sort: string;
}

/** Part of a partition. */
export interface KeyRange {
  readonly partition: string;
  /** Returns whether a sort key is before the range. */
  isBefore(sort: string): boolean;
  /** Returns whether a sort key is after the range. */
  isBehind(sort: string): boolean;
}

/** A parsed key condition. */
export interface KeyCondition extends Parsed {
  /** @throws InvalidRequestError if it does not name the keys of this table or index, or if a value is not a string */
  rangeOf(schema: KeySchema, given: Placeholders): KeyRange;
}

interface Term {
  readonly name: string;
  readonly operator: string;
  readonly values: readonly string[];
}

type Bounds = Pick<KeyRange, 'isBefore' | 'isBehind'>;

const never = () => false;

const boundsOf: Readonly<Record<string, (first: string, second: string) => Bounds>> = {
  '=': (key) => between(key, key),
  '<': (key) => ({ isBefore: never, isBehind: (sort) => compareStrings(sort, key) >= 0 }),
  '<=': (key) => ({ isBefore: never, isBehind: (sort) => compareStrings(sort, key) > 0 }),
  '>': (key) => ({ isBefore: (sort) => compareStrings(sort, key) <= 0, isBehind: never }),
  '>=': (key) => ({ isBefore: (sort) => compareStrings(sort, key) < 0, isBehind: never }),
  BETWEEN: between,
  begins_with: (prefix) => ({
    isBefore: (sort) => compareStrings(sort, prefix) < 0,
    isBehind: (sort) => compareStrings(sort, prefix) > 0 && !sort.startsWith(prefix),
  }),
};

/**
 * Reads `pk = :pk`, alone or with a range of the sort key: `AND sk BETWEEN :first AND :last`, `AND begins_with(sk, :prefix)`
 * or a comparison.
 *
 * @throws UnsupportedRequestError for anything else
 */
export const parseKeyCondition = once((expression: string): KeyCondition => {
  const tokens = tokensOf(expression);
  const terms = [parseTerm(tokens)];
  if (tokens.takeIf('AND')) terms.push(parseTerm(tokens));
  if (tokens.peek() !== undefined) throw tokens.fault(tokens.peek());

  return {
    placeholders: tokens.placeholders,
    heads: new Set(terms.map(({ name }) => name)),
    rangeOf(schema, given) {
      const partition = terms.find(({ name }) => nameOf(name, given) === schema.partition);
      const sort = terms.find(({ name }) => nameOf(name, given) === schema.sort);
      if (partition?.operator !== '=' || (terms.length > 1 && !sort)) {
        throw new InvalidRequestError(
          `"${expression}" does not name the keys ${schema.partition} and ${schema.sort}`,
        );
      }
      const [first = '', second = ''] = sort ? keysOf(sort, given) : [];
      const bounds = sort && boundsOf[sort.operator]?.(first, second);
      const [key = ''] = keysOf(partition, given);
      return { partition: key, ...(bounds ?? { isBefore: never, isBehind: never }) };
    },
  };
});

function parseTerm(tokens: Tokens): Term {
  const word = tokens.next();
  if (word === 'begins_with') {
    tokens.take('(');
    const name = tokens.next();
    tokens.take(',');
    const prefix = tokens.nextValue();
    tokens.take(')');
    return { name, operator: word, values: [prefix] };
  }
  if (tokens.takeIf('BETWEEN')) {
    const first = tokens.nextValue();
    tokens.take('AND');
    return { name: word, operator: 'BETWEEN', values: [first, tokens.nextValue()] };
  }
  const operator = tokens.next();
  if (!Object.hasOwn(boundsOf, operator)) throw tokens.fault(operator);
  return { name: word, operator, values: [tokens.nextValue()] };
}

function keysOf({ values }: Term, given: Placeholders): readonly string[] {
  return values.map((word) => {
    const { S: key } = valueNamed(word, given);
    if (!key) throw new InvalidRequestError(`the key ${word} is not a string with something in it`);
    return key;
  });
}

function between(first: string, last: string): Bounds {
  if (compareStrings(first, last) > 0) {
    throw new InvalidRequestError(
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound',
    );
  }
  return {
    isBefore: (sort) => compareStrings(sort, first) < 0,
    isBehind: (sort) => compareStrings(sort, last) > 0,
  };
}
