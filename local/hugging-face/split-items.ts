import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { ItemText } from './server.ts';

/** A JSON string, a bracket, a brace or a comma. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]/g;

/**
 * Splits a JSON array into the texts of its items, without surrounding white space. An item keeps its bytes: the order of its
 * keys, its escapes and its number formats.
 *
 * @example splitItems('[{"a":1.0}, {"b":"\\u00e9"}]') // ['{"a":1.0}', '{"b":"\\u00e9"}']
 * @throws InvalidInputError for text that is not JSON, or not an array
 */
export function splitItems(json: string): readonly ItemText[] {
  requireArray(json);
  const items: ItemText[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (token === '[' || token === '{') {
      depth += 1;
      if (depth === 1) start = index + 1;
    } else if (token === ']' || token === '}') {
      depth -= 1;
      if (depth === 0) items.push(json.slice(start, index).trim());
    } else if (token === ',' && depth === 1) {
      items.push(json.slice(start, index).trim());
      start = index + 1;
    }
  }
  return items.filter((item) => item !== '');
}

function requireArray(json: string): void {
  const value = parseJson(json);
  if (!Array.isArray(value)) {
    const found = value === null ? 'null' : typeof value;
    throw new InvalidInputError(`expected a JSON array of items, found ${found}`);
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new InvalidInputError('expected a JSON array of items, found text that is not JSON', { cause });
  }
}
