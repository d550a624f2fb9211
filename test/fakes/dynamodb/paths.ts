import { type AttributeMap, type AttributeValue, attributeOf } from './attribute-value.ts';
import { nameOf, type Placeholders } from './placeholders.ts';
import { InvalidRequestError } from './refusals.ts';
import type { Tokens } from './tokens.ts';

/** The path to a value in an item: `['outcome', '#state']`, `['subscriberIds', 3]`. */
export type Path = readonly [string, ...(string | number)[]];

const NAME = /^(#\w+|[A-Za-z_]\w*)$/;
const POSITION = /^\d+$/;

/** Reads `outcome.#state` or `subscriberIds[3]`. */
export function parsePath(tokens: Tokens): Path {
  const path: [string, ...(string | number)[]] = [parseName(tokens)];
  for (;;) {
    if (tokens.takeIf('.')) path.push(parseName(tokens));
    else if (tokens.takeIf('[')) path.push(parsePosition(tokens));
    else return path;
  }
}

/** Returns the value at a path. Undefined if there is none. */
export function readPath(path: Path, item: AttributeMap, given: Placeholders): AttributeValue | undefined {
  let found = attributeOf(item, nameOf(path[0], given));
  for (let depth = 1; depth < path.length && found; depth += 1) {
    const step = path[depth] ?? 0;
    found = typeof step === 'number' ? found.L?.[step] : found.M && attributeOf(found.M, nameOf(step, given));
  }
  return found;
}

/**
 * Returns the item with another value at a path. A position after the end of a list appends to it.
 *
 * @throws InvalidRequestError if a part of the path does not exist
 */
export function writePath(
  path: Path,
  item: AttributeMap,
  given: Placeholders,
  value: AttributeValue,
): AttributeMap {
  const write = (found: AttributeValue | undefined, depth: number): AttributeValue => {
    const step = path[depth];
    if (step === undefined) return value;
    if (typeof step === 'number' && found?.L) {
      const elements = [...found.L];
      const position = Math.min(step, elements.length);
      elements[position] = write(elements[position], depth + 1);
      return { L: elements };
    }
    if (typeof step === 'string' && found?.M) {
      const name = nameOf(step, given);
      return { M: { ...found.M, [name]: write(attributeOf(found.M, name), depth + 1) } };
    }
    throw new InvalidRequestError(
      'The document path provided in the update expression is invalid for update',
    );
  };
  const head = nameOf(path[0], given);
  return { ...item, [head]: write(attributeOf(item, head), 1) };
}

function parseName(tokens: Tokens): string {
  const name = tokens.next();
  if (!NAME.test(name)) throw tokens.fault(name);
  return name;
}

function parsePosition(tokens: Tokens): number {
  const position = tokens.next();
  if (!POSITION.test(position)) throw tokens.fault(position);
  tokens.take(']');
  return Number(position);
}
