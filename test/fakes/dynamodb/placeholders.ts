import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { sizeOf } from './attribute-value.ts';
import { InvalidRequestError } from './refusals.ts';

/** The names and values for the placeholders of a request. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: AttributeMap;
}

/** A parsed expression: its placeholders, and the attributes that it uses, `#name` or plain. */
export interface Parsed {
  readonly placeholders: ReadonlySet<string>;
  readonly heads: ReadonlySet<string>;
}

/** Returns a parser that parses each expression only once. */
export function once<Result>(parse: (expression: string) => Result): (expression: string) => Result {
  const known = new Map<string, Result>();
  return (expression) => {
    const result = known.get(expression) ?? parse(expression);
    known.set(expression, result);
    return result;
  };
}

/** Returns the attribute that a word of an expression names. */
export function nameOf(word: string, { ExpressionAttributeNames: names }: Placeholders): string {
  return word.startsWith('#') ? (names?.[word] ?? word) : word;
}

/** Returns the value of a `:placeholder`. `checkPlaceholders` has checked that it exists. */
export function valueNamed(
  word: string,
  { ExpressionAttributeValues: values }: Placeholders,
): AttributeValue {
  const value = values?.[word];
  if (value === undefined) throw new InvalidRequestError(`the value ${word} is not given`);
  return value;
}

/**
 * Checks that a request has exactly the placeholders that its expressions use, as DynamoDB does.
 *
 * @throws InvalidRequestError that names the placeholder
 * @throws UnsupportedRequestError for a value of an unknown type
 */
export function checkPlaceholders(given: Placeholders, expressions: readonly Parsed[]): void {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = given;
  for (const { placeholders } of expressions) {
    for (const word of placeholders) {
      if (!Object.hasOwn(word.startsWith('#') ? names : values, word)) {
        throw new InvalidRequestError(`an expression uses ${word}, which is not given`);
      }
    }
  }
  for (const all of [names, values]) {
    for (const word of Object.keys(all)) {
      if (!expressions.some(({ placeholders }) => placeholders.has(word))) {
        throw new InvalidRequestError(`${word} is given and no expression uses it`);
      }
    }
  }
  sizeOf(values);
}
