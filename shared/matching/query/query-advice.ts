import { parseQuery } from './parse-query.ts';
import { printClearly, printQuery } from './print-query.ts';
import { type Condition, conditionsOf, type QueryNode } from './query.ts';

/**
 * Returns advice about a valid query that may not mean what its author thinks, as whole sentences. Most queries need none.
 *
 * @throws QueryError if the query is invalid
 */
export function adviseOn(text: string): readonly string[] {
  const node = parseQuery(text);
  return [...adviseOnOrder(text, node), ...adviseOnNames(text, conditionsOf(node))];
}

/** AND binds more tightly than OR. Not everybody knows. */
function adviseOnOrder(text: string, node: QueryNode): readonly string[] {
  const clear = printClearly(node);
  const typed = text.trim().replace(/\s+/g, ' ');
  return [typed, printQuery(node)].includes(clear) ? [] : [`We read this as: ${clear}`];
}

/** `author:Kaiming He` is a name of one word, and a word. */
function adviseOnNames(text: string, conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((name, n) => {
    const next = conditions[n + 1];
    if (name.kind !== 'author' || next?.kind !== 'text' || next.field) return [];
    const typed = text.slice(name.place.start, next.place.end);
    const isName = /^author:\p{Lu}[^\s"()]*\s+\p{Lu}[^\s"()]*$/iu.test(typed) && /^\p{Lu}/u.test(next.text);
    return isName ? [`For the whole name, write author:"${name.text} ${next.text}".`] : [];
  });
}
