import { JSONParser } from '@streamparser/json';

/** The items of a JSON array as far as they arrived whole. */
export interface JsonArrayReading {
  readonly items: readonly unknown[];
  /** Why these are not all of them, in words for a log. */
  readonly problem?: string | undefined;
}

/**
 * Reads a body that should be a JSON array. Of one that breaks off or turns bad in the middle, the items that were
 * complete before that are kept, and only those. `null` is an array without items.
 *
 * `[{"a":1},{"a":` gives `{ items: [{ a: 1 }], problem: 'the list breaks off after 1 item' }`.
 */
export function parseJsonArray(body: string): JsonArrayReading {
  const whole = parseWhole(body);
  if (whole === undefined) return salvage(body);
  if (Array.isArray(whole.value)) return { items: whole.value };
  if (whole.value === null) return { items: [] };
  return { items: [], problem: `expected a list, found ${excerptOf(body)}` };
}

function parseWhole(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function salvage(body: string): JsonArrayReading {
  if (!/^\s*\[/.test(body)) return { items: [], problem: `expected a list, found ${excerptOf(body)}` };

  const items: unknown[] = [];
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
  parser.onValue = ({ value }) => items.push(value);
  parser.onError = () => undefined;
  parser.write(body);
  return {
    items,
    problem: `the list breaks off after ${items.length} ${items.length === 1 ? 'item' : 'items'}`,
  };
}

function excerptOf(body: string): string {
  return body.trim() === '' ? 'nothing' : JSON.stringify(body.trim().slice(0, 40));
}
