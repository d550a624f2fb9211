import {
  allArxivCategoryTexts,
  arxivArchiveIds,
  arxivCategoryIds,
  expandArxivCategory,
} from '../../domain/arxiv-categories.ts';
import { explainUnknownList, findChosenList } from '../../domain/list-choice.ts';
import type { ListId } from '../../domain/lists.ts';
import { suggestNearest } from '../../domain/nearest-name.ts';
import { isArxivId } from '../../domain/paper.ts';
import { toStem } from '../text/stem.ts';
import { findQuery } from './parse-query.ts';
import { printClearly, printQuery } from './print-query.ts';
import { type Condition, conditionsOf, type QueryNode, type TextCondition } from './query.ts';

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
    ...adviseOnFirstWord(text, conditions),
    ...adviseOnSingleQuotes(text, conditions),
    ...adviseOnPlurals(conditions),
    ...adviseOnIds(text, conditions),
    ...adviseOnCategoryWords(text, conditions),
    ...adviseOnCategories(conditions),
    ...adviseOnLists(conditions, lists),
  ];
}

/** AND binds more tightly than OR. Not everybody knows. */
function adviseOnOrder(text: string, node: QueryNode): readonly string[] {
  const clear = printClearly(node);
  return [typedIn(text), printQuery(node)].includes(clear) ? [] : [`We read this as: ${clear}`];
}

/** Returns a query as it was typed, with single spaces. */
function typedIn(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** A query may name a category that arXiv does not have, because old papers have some that ended. */
function adviseOnCategories(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((one) => {
    if (one.kind !== 'category' || expandArxivCategory(one.value) || arxivArchiveIds.includes(one.value))
      return [];
    return `arXiv has no category ${one.value}. ${suggestNearest(one.value, arxivCategoryIds)}`;
  });
}

/** An id that stands alone is only words: `2601.01739`. */
function adviseOnIds(text: string, conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((one) => {
    if (one.kind !== 'text' || one.field) return [];
    const id = text.slice(one.place.start, one.place.end).replace(/v\d+$/, '');
    return isArxivId(id) ? [`To find the paper with this id, write id:${id}.`] : [];
  });
}

/** A category that stands alone, or is the id of its list, is only words: `cs.CL`, `arxiv/cs.CL`. */
function adviseOnCategoryWords(text: string, conditions: readonly Condition[]): readonly string[] {
  const typed = conditions
    .filter((one) => one.kind === 'text' && !one.field)
    .map(({ place }) =>
      text
        .slice(place.start, place.end)
        .toLowerCase()
        .replace(/^arxiv\//, ''),
    );
  return allArxivCategoryTexts()
    .filter((id) => typed.includes(id.toLowerCase()))
    .map((id) => `${toCategoryWay(id)}.`);
}

/** Returns how to find the papers of a category of arXiv. */
export function toCategoryWay(id: string): string {
  return `To find papers of the category, write cat:${id}`;
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

/** `author:Kaiming He` is a name of one word, and a word. So is `org:Google DeepMind`. */
function adviseOnNames(text: string, conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((name, n) => {
    const next = conditions[n + 1];
    if (next?.kind !== 'text' || next.field) return [];
    const typed = text.slice(name.place.start, next.place.end);
    const [, field, first] = /^(author|org):(\p{L}[^\s"()]*)\s+\p{L}[^\s"()]*$/iu.exec(typed) ?? [];
    const isName = field !== undefined && /^\p{Lu}/u.test(next.text);
    return isName ? [`For the whole name, write ${field.toLowerCase()}:"${first} ${next.text}".`] : [];
  });
}

/** In `title:language models`, only the first word is in the title. A query with anything else is clear. */
function adviseOnFirstWord(text: string, conditions: readonly Condition[]): readonly string[] {
  const [, field = '', words] =
    /^(title|abstract|keyword):([\p{L}\p{N}][^\s"'‘():]*(?: [\p{L}\p{N}][^\s"'‘():]*)+)$/iu.exec(
      typedIn(text),
    ) ?? [];
  if (words?.split(' ').length !== conditions.length || words.includes('*')) return [];
  return [`For these words next to each other, write ${field}:"${words}".`];
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

/** A beginning is compared with singulars. So `models*` does not find `models`, but `model*` does. */
function adviseOnPlurals(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((one) => {
    if (one.kind !== 'text' || !one.isPrefix) return [];
    const plural = one.words.at(-1) ?? '';
    const singular = toStem(plural);
    if (singular === plural || ROOTS.has(plural)) return [];
    return `${printQuery(one)} does not find “${one.text}”. Write ${printQuery(toFinding(one, plural, singular))}.`;
  });
}

/** The shortest beginning that is advised. */
const MIN_BEGINNING = 4;

/** Returns a condition that finds a plural and its singular, by their common beginning. A short one would find much else, so the word is returned. */
function toFinding(condition: TextCondition, plural: string, singular: string): TextCondition {
  const { text } = condition;
  let length = 0;
  while (length < singular.length && singular[length] === plural[length]) length += 1;
  if (length < Math.max(MIN_BEGINNING, singular.length - 1)) return { ...condition, isPrefix: false };
  const before = text.toLowerCase().endsWith(plural) ? text.slice(0, -plural.length) : '';
  return { ...condition, text: before + plural.slice(0, length) };
}

/** Beginnings that look like plurals, but seldom stand for one: `trans*`, `analys*`. */
const ROOTS: ReadonlySet<string> = new Set(
  (
    'acces addres advers analys atmos clas clos collaps compens compos compres comprehens condens cons convers cros decompos decreas ' +
    'defens demons dens diagnos dimens disclos diseas dispers dispos divers ellips enclos eras emphas expens expos expres extens hypers hypothes immers impos impuls ' +
    'increas intens intrins inves licens meas micros neces neuros nurs overs paraphras pars pers phras phys proces progres propos ' +
    'pros purs reas recons recurs releas repos repres respons retros revers sens spars succes supers suspens synthes tens trans travers unders ' +
    'univers vers'
  ).split(' '),
);
