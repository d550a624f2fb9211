import { printQuery } from './print-query.ts';
import { type Condition, type NumberCondition, partsOf, type QueryNode } from './query.ts';

/**
 * Says that no paper can match a query, and why: `No paper can match both upvotes:>=10 and upvotes:<5.` Undefined if papers can, as far as
 * two of its parts show.
 */
export function findContradiction(node: QueryNode): string | undefined {
  const parts = partsOf(node);
  for (const [n, part] of parts.entries()) {
    const other = parts.slice(n + 1).find((later) => isContrary(part, later));
    if (other) return `No paper can match both ${printQuery(part)} and ${printQuery(other)}.`;
  }
  return undefined;
}

function isContrary(a: QueryNode, b: QueryNode): boolean {
  if (a.kind === 'number' && b.kind === 'number') return a.field === b.field && !doOverlap(a, b);
  if (a.kind === 'not') return keyOf(a.part) === keyOf(b);
  return b.kind === 'not' && keyOf(b.part) === keyOf(a);
}

/** Returns what conditions with the same meaning have in common: `agents` and `"agent"`. */
function keyOf(node: QueryNode | Condition): string {
  if (node.kind !== 'text') return printQuery(node);
  return JSON.stringify([node.field, node.words, node.isPrefix]);
}

function doOverlap(a: NumberCondition, b: NumberCondition): boolean {
  const [first, second] = [toRange(a), toRange(b)];
  return Math.max(first.least, second.least) <= Math.min(first.most, second.most);
}

/** Returns the numbers that meet a condition. */
function toRange({ operator, value }: NumberCondition): { readonly least: number; readonly most: number } {
  switch (operator) {
    case '>':
      return { least: value + 1, most: Infinity };
    case '>=':
      return { least: value, most: Infinity };
    case '<':
      return { least: 0, most: value - 1 };
    case '<=':
      return { least: 0, most: value };
    case '=':
      return { least: value, most: value };
    default:
      return operator satisfies never;
  }
}
