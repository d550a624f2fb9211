import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { areEqual, compareValues } from './compare-values.ts';
import { type Path, parsePath, readPath } from './paths.ts';
import { once, type Parsed, type Placeholders, valueNamed } from './placeholders.ts';
import { UnsupportedRequestError } from './refusals.ts';
import { type Tokens, tokensOf } from './tokens.ts';

type Test = (item: AttributeMap, given: Placeholders) => boolean;

/** A parsed condition or filter. An item that does not exist is tested as `{}`. */
export interface Condition extends Parsed {
  readonly holds: Test;
}

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/**
 * Parses a condition.
 *
 * - `= <> < <= > >=` and `BETWEEN`, with an attribute on the left and values on the right
 * - `attribute_exists`, `attribute_not_exists`, `attribute_type`, `begins_with`, `contains`, `size(set) < :number`
 * - `AND`, `OR`, `NOT` and parentheses
 *
 * @throws UnsupportedRequestError for anything else
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export const parseCondition = once((expression: string): Condition => {
  const tokens = tokensOf(expression);
  const heads = new Set<string>();
  const holds = parseOr(tokens, heads);
  if (tokens.peek() !== undefined) throw tokens.fault(tokens.peek());
  return { holds, heads, placeholders: tokens.placeholders };
});

function parseOr(tokens: Tokens, heads: Set<string>): Test {
  const first = parseAnd(tokens, heads);
  if (!tokens.takeIf('OR')) return first;
  const second = parseOr(tokens, heads);
  return (item, given) => first(item, given) || second(item, given);
}

function parseAnd(tokens: Tokens, heads: Set<string>): Test {
  const first = parseNot(tokens, heads);
  if (!tokens.takeIf('AND')) return first;
  const second = parseAnd(tokens, heads);
  return (item, given) => first(item, given) && second(item, given);
}

function parseNot(tokens: Tokens, heads: Set<string>): Test {
  if (tokens.takeIf('NOT')) {
    const test = parseNot(tokens, heads);
    return (item, given) => !test(item, given);
  }
  if (!tokens.takeIf('(')) return parseTest(tokens, heads);
  const inner = parseOr(tokens, heads);
  tokens.take(')');
  return inner;
}

function parseTest(tokens: Tokens, heads: Set<string>): Test {
  const path = parsePath(tokens);
  const [word] = path;
  if (tokens.takeIf('('))
    return word === 'size' ? parseSize(tokens, heads) : parseFunction(word, tokens, heads);
  heads.add(word);
  if (tokens.takeIf('BETWEEN')) {
    const low = tokens.nextValue();
    tokens.take('AND');
    const high = tokens.nextValue();
    return (item, given) =>
      isOrdered(readPath(path, item, given), valueNamed(low, given), (order) => order >= 0) &&
      isOrdered(readPath(path, item, given), valueNamed(high, given), (order) => order <= 0);
  }
  return parseComparison(path, tokens);
}

function parseComparison(path: Path, tokens: Tokens): Test {
  const operator = tokens.next();
  const value = tokens.nextValue();
  const isEqual: Test = (item, given) => {
    const found = readPath(path, item, given);
    return found !== undefined && areEqual(found, valueNamed(value, given));
  };
  if (operator === '=') return isEqual;
  if (operator === '<>') return (item, given) => !isEqual(item, given);
  const isMet = orders[operator];
  if (!isMet) throw tokens.fault(operator);
  return (item, given) => isOrdered(readPath(path, item, given), valueNamed(value, given), isMet);
}

/** Reads the rest of `size(path) < :number`, for a set. */
function parseSize(tokens: Tokens, heads: Set<string>): Test {
  const path = parsePath(tokens);
  heads.add(path[0]);
  tokens.take(')');
  const operator = tokens.next();
  const isMet = orders[operator];
  if (!isMet) throw tokens.fault(operator);
  const value = tokens.nextValue();
  return (item, given) => {
    const found = readPath(path, item, given);
    if (found && !found.SS) throw new UnsupportedRequestError('only a set has a size');
    const size = found?.SS && { N: String(found.SS.length) };
    return isOrdered(size, valueNamed(value, given), isMet);
  };
}

function parseFunction(name: string, tokens: Tokens, heads: Set<string>): Test {
  const path = parsePath(tokens);
  heads.add(path[0]);
  const test = parseArguments(name, path, tokens);
  tokens.take(')');
  return test;
}

function parseArguments(name: string, path: Path, tokens: Tokens): Test {
  switch (name) {
    case 'attribute_exists':
      return (item, given) => readPath(path, item, given) !== undefined;
    case 'attribute_not_exists':
      return (item, given) => readPath(path, item, given) === undefined;
    case 'attribute_type': {
      tokens.take(',');
      const value = tokens.nextValue();
      return (item, given) => {
        const type = valueNamed(value, given).S;
        return type !== undefined && Object.hasOwn(readPath(path, item, given) ?? {}, type);
      };
    }
    case 'begins_with': {
      tokens.take(',');
      const value = tokens.nextValue();
      return (item, given) => {
        const prefix = valueNamed(value, given).S;
        if (prefix === undefined)
          throw new UnsupportedRequestError(`begins_with of a ${value} that is no string`);
        return readPath(path, item, given)?.S?.startsWith(prefix) ?? false;
      };
    }
    case 'contains': {
      tokens.take(',');
      const value = tokens.nextValue();
      return (item, given) => {
        const element = valueNamed(value, given).S;
        const found = readPath(path, item, given);
        if (element === undefined || (found && !found.SS))
          throw new UnsupportedRequestError('contains is known for a string in a set of strings');
        return found?.SS?.includes(element) ?? false;
      };
    }
    default:
      throw tokens.fault(name);
  }
}

/** Values of different types have no order, so no comparison of them holds. */
function isOrdered(
  found: AttributeValue | undefined,
  value: AttributeValue,
  isMet: (order: number) => boolean,
): boolean {
  if (value.S === undefined && value.N === undefined) {
    throw new UnsupportedRequestError('only strings and numbers have an order');
  }
  const order = found && compareValues(found, value);
  return order !== undefined && isMet(order);
}
