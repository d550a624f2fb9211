import { arxivArchiveIds, arxivCategoryIds, expandArxivCategory } from '../../domain/arxiv-categories.ts';
import { explainUnknownList, findChosenList } from '../../domain/list-choice.ts';
import type { ListId } from '../../domain/lists.ts';
import { suggestNearest } from '../../domain/nearest-name.ts';
import { findQuery } from './parse-query.ts';
import { printClearly, printQuery } from './print-query.ts';
import { type Condition, conditionsOf, type QueryNode } from './query.ts';

/**
 * Returns advice about a query that may not mean what its author thinks, as whole sentences. Most queries need none. An invalid query
 * gets none, because its fault says what to correct.
 *
 * @param lists the lists that the deployment reads
 */
export function adviseOn(text: string, lists: readonly ListId[]): readonly string[] {
  const node = findQuery(text);
  if (!node) return [];
  const conditions = conditionsOf(node);
  return [
    ...adviseOnOrder(text, node),
    ...adviseOnNames(text, conditions),
    ...adviseOnSingleQuotes(text, conditions),
    ...adviseOnCategories(conditions),
    ...adviseOnLists(conditions, lists),
  ];
}

/** AND binds more tightly than OR. Not everybody knows. */
function adviseOnOrder(text: string, node: QueryNode): readonly string[] {
  const clear = printClearly(node);
  const typed = text.trim().replace(/\s+/g, ' ');
  return [typed, printQuery(node)].includes(clear) ? [] : [`We read this as: ${clear}`];
}

/** A query may name a category that arXiv does not have, because old papers have some that ended. */
function adviseOnCategories(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((one) => {
    if (one.kind !== 'category' || expandArxivCategory(one.value) || arxivArchiveIds.includes(one.value))
      return [];
    return `arXiv has no category ${one.value}. ${suggestNearest(one.value, arxivCategoryIds)}`;
  });
}

/** A query may name a list that exists but is not read here, because the lists of a deployment can change. */
function adviseOnLists(conditions: readonly Condition[], lists: readonly ListId[]): readonly string[] {
  const named = new Set(conditions.flatMap((one) => (one.kind === 'list' ? one.value : [])));
  return [...named]
    .filter((id) => !lists.includes(id))
    .map((id) => {
      const chosen = findChosenList(id, lists);
      return chosen === undefined ? explainUnknownList(id, lists) : `For this list, write list:${chosen}.`;
    });
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

/** Single quotes are apostrophes, as in `O'Brien`. So `author:'Kaiming He'` is a name of one word, and a word. */
function adviseOnSingleQuotes(text: string, conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap(({ place }) => {
    const quoted = /^(\w+:)['‘]([^'‘’"():*]*\s[^'‘’"():*]*)['’](?![\p{L}*])/u.exec(text.slice(place.start));
    const [, field = '', words = ''] = quoted ?? [];
    if (!quoted || /\b(?:AND|OR|NOT)\b/.test(words)) return [];
    const aim = /^author:/i.test(field) ? 'the whole name' : 'these words next to each other';
    return [`For ${aim}, write ${field}"${words.trim()}".`];
  });
}
