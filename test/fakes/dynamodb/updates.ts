import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { parsePath, readPath, writePath } from './paths.ts';
import { nameOf, once, type Parsed, type Placeholders, valueNamed } from './placeholders.ts';
import { InvalidRequestError, UnsupportedRequestError } from './refusals.ts';
import { type Tokens, tokensOf } from './tokens.ts';

type Change = (item: AttributeMap, given: Placeholders) => AttributeMap;

/** A parsed update. */
export interface Update extends Parsed {
  /** @throws InvalidRequestError if the attribute has a type that the update cannot change */
  readonly apply: Change;
}

const clauses: Readonly<Record<string, (tokens: Tokens, heads: Set<string>) => Change>> = {
  SET: parseSet,
  ADD: parseAdd,
  REMOVE: parseRemove,
};

/**
 * Parses an update: `SET path = :value`, `ADD attribute :strings`, `REMOVE attribute`, each with any number of attributes.
 *
 * @throws UnsupportedRequestError for anything else, and for two changes to one attribute
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export const parseUpdate = once((expression: string): Update => {
  const tokens = tokensOf(expression);
  const heads = new Set<string>();
  const changes: Change[] = [];
  const seen = new Set<string>();
  do {
    const keyword = tokens.next().toUpperCase();
    const parse = clauses[keyword];
    if (!parse || seen.has(keyword)) throw tokens.fault(keyword);
    seen.add(keyword);
    do changes.push(parse(tokens, heads));
    while (tokens.takeIf(','));
  } while (tokens.peek() !== undefined);

  return {
    heads,
    placeholders: tokens.placeholders,
    apply(item, given) {
      // DynamoDB applies all changes at once. One after the other gives the same only if no two change the same attribute.
      if (new Set([...heads].map((head) => nameOf(head, given))).size < changes.length) {
        throw new UnsupportedRequestError(`the update "${expression}" changes an attribute twice`);
      }
      return changes.reduce((changed, change) => change(changed, given), item);
    },
  };
});

function parseSet(tokens: Tokens, heads: Set<string>): Change {
  const path = parsePath(tokens);
  heads.add(path[0]);
  tokens.take('=');
  const value = tokens.nextValue();
  return (item, given) => writePath(path, item, given, valueNamed(value, given));
}

function parseAdd(tokens: Tokens, heads: Set<string>): Change {
  const path = parsePath(tokens);
  if (path.length > 1) throw tokens.fault('a part of an attribute');
  heads.add(path[0]);
  const value = tokens.nextValue();
  return (item, given) =>
    writePath(path, item, given, add(readPath(path, item, given), valueNamed(value, given)));
}

function parseRemove(tokens: Tokens, heads: Set<string>): Change {
  const path = parsePath(tokens);
  if (path.length > 1) throw tokens.fault('a part of an attribute');
  heads.add(path[0]);
  return (item, given) => {
    const { [nameOf(path[0], given)]: _, ...rest } = item;
    return rest;
  };
}

/** Adds strings to a set. */
function add(known: AttributeValue | undefined, more: AttributeValue): AttributeValue {
  if (more.SS === undefined) throw new UnsupportedRequestError('ADD of something that is no set of strings');
  if (known && !known.SS) {
    throw new InvalidRequestError('An operand in the update expression has an incorrect data type');
  }
  return { SS: [...new Set([...(known?.SS ?? []), ...more.SS])] };
}
