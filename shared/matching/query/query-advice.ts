import {
  allArxivCategoryTexts,
  arxivArchiveIds,
  arxivCategoryIds,
  expandArxivCategory,
} from '../../domain/lists/arxiv-categories.ts';
import { explainUnknownList, findChosenList } from '../../domain/lists/list-choice.ts';
import type { ListId } from '../../domain/lists/lists.ts';
import { isArxivId } from '../../domain/papers/paper.ts';
import { suggestNearest } from '../../domain/text/nearest-name.ts';
import { toSingular } from '../text/singular.ts';
import { findContradiction } from './contradiction.ts';
import { parseQueryIfValid, signOf } from './parse-query.ts';
import { printClearly, printQuery } from './print-query.ts';
import { type Condition, conditionsOf, type QueryNode, type Sign, type TextCondition } from './query.ts';
import { isQuote } from './query-characters.ts';
import { MIN_PREFIX_LENGTH } from './query-fields.ts';
import { type Advice, adviseOnNames } from './unquoted-names.ts';

/**
 * Returns advice about a query that may not mean what its author thinks, as whole sentences. Most queries need none. An invalid query
 * gets none, because its fault says what to correct.
 *
 * @param lists the lists that the deployment reads
 */
export function adviseOn(text: string, lists: readonly ListId[]): readonly string[] {
  return findAdvice(text, lists).map(({ sentence }) => sentence);
}

/** Like {@link adviseOn}, with the query to write instead. */
export function findAdvice(text: string, lists: readonly ListId[]): readonly Advice[] {
  const node = parseQueryIfValid(text);
  if (!node) return [];
  const conditions = conditionsOf(node);
  const contradiction = findContradiction(node);
  const advice = [
    ...(contradiction === undefined ? [] : [contradiction]),
    ...adviseOnOrder(text, node),
    ...adviseOnNames(text, conditions),
    ...adviseOnCommas(text, conditions),
    ...adviseOnFirstWord(text, conditions),
    ...adviseOnSingleQuotes(text, conditions),
    ...adviseOnLetters(conditions),
    ...adviseOnPlurals(text, conditions),
    ...adviseOnIds(text, conditions),
    ...adviseOnCategoryWords(text, conditions),
    ...adviseOnCategories(conditions),
    ...adviseOnLists(text, conditions, lists),
  ];
  const bySentence = advice.map((one) => (typeof one === 'string' ? { sentence: one } : one));
  return [...new Map(bySentence.map((one) => [one.sentence, one])).values()];
}

/** AND binds more tightly than OR, which not every reader knows. */
function adviseOnOrder(text: string, node: QueryNode): readonly string[] {
  const clear = printClearly(node);
  return [typedIn(text), printQuery(node)].includes(clear) ? [] : [`We read this as: ${clear}`];
}

/** Returns a query as it was typed, with single spaces. */
function typedIn(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** A query may name a category that arXiv no longer has, because old papers are still in it. */
function adviseOnCategories(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => {
    if (
      condition.kind !== 'category' ||
      expandArxivCategory(condition.value) ||
      arxivArchiveIds.includes(condition.value)
    )
      return [];
    return `arXiv has no category ${condition.value}. ${suggestNearest(condition.value, arxivCategoryIds)}`;
  });
}

/** An id without a field is only words: `2601.01739`. */
function adviseOnIds(text: string, conditions: readonly Condition[]): readonly string[] {
  const found = conditions.flatMap((condition) => {
    if (condition.kind !== 'text' || condition.field) return [];
    const ids = typedAt(text, condition)
      .split(SEPARATORS)
      .map((id) => id.replace(/[.:?!]+$/, '').replace(/v\d+$/, ''))
      .filter((id) => id !== '');
    return ids.length > 0 && ids.every(isArxivId)
      ? [{ ids, isLeftOut: signOf(text, condition.range) !== '' }]
      : [];
  });
  const idsOf = (isLeftOut: boolean) => [
    ...new Set(found.filter((group) => group.isLeftOut === isLeftOut).flatMap(({ ids }) => ids)),
  ];
  const toAdvice = (aim: string, ids: readonly string[], query: string) => {
    if (ids.length === 0) return [];
    const papers = ids.length > 1 ? 'papers with these ids' : 'paper with this id';
    return [`To ${aim} the ${papers}, write ${query}.`];
  };
  const [wanted, leftOut] = [idsOf(false), idsOf(true)];
  return [
    ...toAdvice('find', wanted, wanted.map((id) => `id:${id}`).join(' OR ')),
    ...toAdvice('leave out', leftOut, leftOut.map((id) => `-id:${id}`).join(' ')),
  ];
}

/** Returns a condition as it was typed. */
function typedAt(text: string, { range }: Condition): string {
  return text.slice(range.start, range.end);
}

/** A category or the id of its list is only words without a field: `cs.CL`, `arxiv/cs.CL`. */
function adviseOnCategoryWords(text: string, conditions: readonly Condition[]): readonly Advice[] {
  const words = conditions.filter((condition) => condition.kind === 'text' && !condition.field);
  if (words.length === 0) return [];
  const ids = new Map(allArxivCategoryTexts().map((id) => [id.toLowerCase(), id]));
  return words.flatMap(({ range }) => {
    const { start, end } = range;
    const typed = text.slice(start, end).toLowerCase();
    const id = ids.get(typed.replace(/^arxiv\//, ''));
    if (id === undefined) return [];
    const sign = signOf(text, range);
    const query = `${text.slice(0, start)}cat:${id}${text.slice(end)}`;
    return { sentence: `${toCategoryAdvice(id, sign)}.`, better: { written: `${sign}cat:${id}`, query } };
  });
}

/** Returns advice on how to find the papers of a category of arXiv, or to leave them out. */
export function toCategoryAdvice(id: string, sign: Sign): string {
  return `To ${sign ? 'leave out' : 'find'} papers of the category, write ${sign}cat:${id}`;
}

/** A query may name a list that exists but is not read here, because the lists of a deployment can change. */
function adviseOnLists(
  text: string,
  conditions: readonly Condition[],
  lists: readonly ListId[],
): readonly string[] {
  return conditions.flatMap((condition) => {
    if (condition.kind !== 'list' || lists.includes(condition.value)) return [];
    const chosen = findChosenList(condition.value, lists);
    if (chosen === undefined) return explainUnknownList(condition.value, lists);
    const sign = signOf(text, condition.range);
    return sign ? `To leave out this list, write -list:${chosen}.` : `For this list, write list:${chosen}.`;
  });
}

/** A comma without a space makes one phrase: `agents,robotics`, `org:Tencent,ByteDance`. */
function adviseOnCommas(text: string, conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => {
    if (condition.kind !== 'text') return [];
    const typed = typedAt(text, condition);
    const [field = ''] = /^\w+[:：]/.exec(typed) ?? [];
    const words = splitList(typed.slice(field.length));
    const parts = condition.field === 'org' ? words.filter((word) => !COMPANY_FORM.test(word)) : words;
    const isList = parts.length > 1 && parts.every((word) => LISTED.test(word));
    if (!isList || [...typed].some((character) => isQuote(character.charCodeAt(0)))) return [];
    const name = field.replace('：', ':').toLowerCase();
    const read = `We read this as the phrase “${words.join(' ')}”.`;
    const either = parts.join(' OR ');
    const group = name || typed !== text.trim() ? `${name}(${either})` : either;
    if (signOf(text, condition.range))
      return `${read} To leave out papers with any of the words, write -${name}(${either}).`;
    if (condition.field === 'org') return `${read} For one of the organisations, write ${group}.`;
    const all = name ? `${name}(${words.join(' ')})` : words.join(' ');
    return `${read} For one of the words, write ${group}. For ${words.length > 2 ? 'all' : 'both'}, write ${all}.`;
  });
}

/** Returns the parts of a list. A comma between two digits belongs to a number: `10,000`. A slash may be meant: `TCP/IP`. */
function splitList(typed: string): readonly string[] {
  const isInNumber = (at: number) => /^\d[,;，；、|]\d$/.test(typed.slice(at - 1, at + 2));
  const gapped = typed.replace(SEPARATORS, (sign, at: number) => (isInNumber(at) ? sign : ' '));
  return gapped.split(' ').filter((part) => part !== '');
}

/** The end of a company's name, which is no organisation of its own: `Google,Inc`. */
const COMPANY_FORM = /^(?:inc|ltd|llc|gmbh|co|corp)\.?$/i;

/** A part that means the same on its own. */
const LISTED = /^(?!(?:and|or|not)$)[\p{L}\p{N}]/iu;

/** What people write between the parts of a list. */
const SEPARATORS = /[,;，；、|]+/g;

/** In `title:language models`, only the first word is in the title. A query with anything else is clear. */
function adviseOnFirstWord(text: string, conditions: readonly Condition[]): readonly string[] {
  const [, field = '', words] =
    /^(title|abstract|keyword):([\p{L}\p{N}][^\s"'‘():]*(?: [\p{L}\p{N}][^\s"'‘():]*)+)$/iu.exec(
      typedIn(text),
    ) ?? [];
  if (words?.split(' ').length !== conditions.length || /\*|[,;]\S/.test(words)) return [];
  return [`For these words next to each other, write ${field}:"${words}".`];
}

/** Single quotes are apostrophes, as in `O'Brien`. So `author:'Kaiming He'` is a name of one word, and a word. */
function adviseOnSingleQuotes(text: string, conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap(({ range }) => {
    const quoted = /^(\w+:)['‘]([^'‘’"():*]*\s[^'‘’"():*]*)['’](?![\p{L}*])/u.exec(text.slice(range.start));
    const [, field = '', words = ''] = quoted ?? [];
    if (!quoted || /\b(?:AND|OR|NOT)\b/.test(words)) return [];
    const aim = /^author:/i.test(field) ? 'the whole name' : 'these words next to each other';
    return [`For ${aim}, write ${signOf(text, range)}${field}"${words.trim()}".`];
  });
}

/** `m*` is a word, as `A*` is. */
function adviseOnLetters(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => {
    if (condition.kind !== 'text' || !/^[b-z]\*$/i.test(condition.text)) return [];
    return `We read this as the word “${condition.text}”, as in “A* search”. For a beginning, write at least ${MIN_PREFIX_LENGTH} letters before the *.`;
  });
}

/** A prefix is compared with singulars. So `models*` does not find `models`, but `model*` does. */
function adviseOnPlurals(text: string, conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => {
    if (condition.kind !== 'text' || !condition.isPrefix) return [];
    const plural = condition.words.at(-1) ?? '';
    const singular = toSingular(plural);
    if (singular === plural || ROOTS.has(plural)) return [];
    const better = printQuery(toFinding(condition, plural, singular));
    return `${printQuery(condition)} does not find “${condition.text}”. Write ${signOf(text, condition.range)}${better}.`;
  });
}

/** The minimum length of an advised prefix. */
const MIN_BEGINNING = 4;

/** Returns a condition for the common prefix of a plural and its singular. If the prefix is short, returns one for the word itself. */
function toFinding(condition: TextCondition, plural: string, singular: string): TextCondition {
  const { text } = condition;
  let length = 0;
  while (length < singular.length && singular[length] === plural[length]) length += 1;
  if (length < Math.max(MIN_BEGINNING, singular.length - 1)) return { ...condition, isPrefix: false };
  const before = text.toLowerCase().endsWith(plural) ? text.slice(0, -plural.length) : '';
  return { ...condition, text: before + plural.slice(0, length) };
}

/** Prefixes that look like plurals, but seldom are: `trans*`, `analys*`. */
const ROOTS: ReadonlySet<string> = new Set(
  (
    'acces addres advers analys atmos clas clos collaps compens compos compres comprehens condens cons convers cros decompos decreas ' +
    'defens demons dens diagnos dimens disclos diseas dispers dispos divers ellips enclos eras emphas expens expos expres extens hypers hypothes immers impos impuls ' +
    'increas intens intrins inves licens meas micros neces neuros nurs overs paraphras pars pers phras phys proces progres propos ' +
    'pros purs reas recons recurs releas repos repres respons retros revers sens spars succes supers suspens synthes tens trans travers unders ' +
    'univers vers'
  ).split(' '),
);
