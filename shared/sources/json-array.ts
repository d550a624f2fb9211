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
 * A body with more than {@link MAX_VALUES} values counts as cut there, because they would take too much memory.
 *
 * `[{"a":1},{"a":` gives `{ items: [{ a: 1 }], problem: 'the list breaks off after 1 item' }`.
 */
export function parseJsonArray(body: string): JsonArrayReading {
  const end = findLimit(body);
  if (end !== undefined) return salvage(body.slice(0, end));
  const whole = parseWhole(body);
  if (whole === undefined) return salvage(body);
  if (Array.isArray(whole.value)) return { items: whole.value };
  if (whole.value === null) return { items: [] };
  return { items: [], problem: `expected a list, found ${excerptOf(body)}` };
}

/** A hundred items with hundreds of authors have fewer. */
const MAX_VALUES = 500_000;

/** Returns where a body has too many values. Commas in texts count too. */
function findLimit(body: string): number | undefined {
  let count = 0;
  for (let at = 0; at < body.length; at += 1) {
    if (!VALUE_MARKS.has(body.charCodeAt(at))) continue;
    count += 1;
    if (count > MAX_VALUES) return at;
  }
  return undefined;
}

/** What begins an object or a list, or comes between two values. */
const VALUE_MARKS: ReadonlySet<number> = new Set(['{', '[', ','].map((mark) => mark.charCodeAt(0)));

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

  const items = readComplete(body);
  return {
    items,
    problem: `the list breaks off after ${items.length} ${items.length === 1 ? 'item' : 'items'}`,
  };
}

/** The start of a string, or the start or the end of an object or a list. */
const MARKS = /["[\]{}]/g;

/** Returns the position after a string that begins at a quote. It is the end of the text if the string is cut. */
function findEndOfString(body: string, quote: number): number {
  for (let at = body.indexOf('"', quote + 1); at !== -1; at = body.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (body[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return body.length;
}

/** Returns the objects and lists at the start of an array, up to the first that is incomplete or no JSON. */
function readComplete(body: string): readonly unknown[] {
  const items: unknown[] = [];
  let depth = 0;
  let start = 0;
  let end = body.indexOf('[') + 1;
  const marks = new RegExp(MARKS);
  for (let found = marks.exec(body); found; found = marks.exec(body)) {
    const { 0: mark, index } = found;
    if (mark === '"') marks.lastIndex = findEndOfString(body, index);
    else if (mark === '{' || mark === '[') {
      if (depth === 1) start = index;
      depth += 1;
    } else {
      depth -= 1;
      if (depth === 0) break;
      if (depth > 1) continue;
      const isNext = body.slice(end, start).trim() === (items.length === 0 ? '' : ',');
      end = index + 1;
      const item = isNext ? parseWhole(body.slice(start, end)) : undefined;
      if (item === undefined) break;
      items.push(item.value);
    }
  }
  return items;
}

function excerptOf(body: string): string {
  return body.trim() === '' ? 'nothing' : JSON.stringify(body.trim().slice(0, 40));
}
