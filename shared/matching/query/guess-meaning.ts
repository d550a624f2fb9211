import {
  arxivArchiveIds,
  expandArxivCategory,
  toArxivCategoryId,
} from '../../domain/lists/arxiv-categories.ts';
import { FEW_LISTS } from '../../domain/lists/list-choice.ts';
import type { ListId } from '../../domain/lists/lists.ts';
import { isArxivId } from '../../domain/papers/paper.ts';
import {
  findNearestNames,
  findNearestOf,
  joinWithOr,
  MAX_SUGGESTED,
} from '../../domain/text/nearest-name.ts';
import { tryParseQuery } from './parse-query.ts';
import { QueryError, type Sign } from './query.ts';
import { toCategoryAdvice } from './query-advice.ts';
import { fieldNames, type flags, type QueryField } from './query-fields.ts';

/** Names that other search engines use, by the field that does the same here. */
const NAMES_BY_FIELD = {
  title: 'ti intitle headline',
  abstract: 'abs summary',
  author: 'au by name from',
  id: 'arxiv paper doi',
  cat: 'category subject primary',
  list: 'source feed in',
  has: 'is',
  org: 'affiliation institution lab company university',
  keyword: 'tag kw topic',
  upvotes: 'votes likes points',
} as const satisfies Partial<Record<QueryField, string>>;

const OTHER_NAMES: ReadonlyMap<string, QueryField> = new Map(
  Object.entries(NAMES_BY_FIELD).flatMap(([field, names]) =>
    names.split(' ').map((name) => [name, field as QueryField] as const),
  ),
);

/** Names of fields for dates that other search engines have. */
const DATE_NAMES =
  /^(?:since|until|before|after|newer|older|date|day|week|month|year|published|submitted|listed|created|updated)(?:_?date)?$/i;

export const NO_DATES =
  'A query cannot choose dates. Open the page of a day, week or month instead, or choose a month of the search results. In the HTTP API, use the parameters day, week and month';

export const IN_QUOTES = 'To search for the text itself, put it in quotes';

/** Returns whether a field that does not exist would choose dates: `year:2026`, `from:2026-01`. */
export function isDateField(name: string, value = ''): boolean {
  return DATE_NAMES.test(name) || (/^(?:from|to)$/i.test(name) && /^[<>=]*\d/.test(value));
}

/** An example of each field. */
export const fieldExamples: Readonly<Record<QueryField, string>> = {
  title: 'title:diffusion',
  abstract: 'abstract:"residual stream"',
  keyword: 'keyword:robotics',
  org: 'org:google',
  author: 'author:"Kaiming He"',
  cat: 'cat:cs.LG',
  list: 'list:hf-daily',
  id: 'id:2501.12345',
  has: 'has:code',
  upvotes: 'upvotes:>=10',
  comments: 'comments:>2',
  stars: 'stars:>100',
  authors: 'authors:<5',
};

/** Returns the field with the most similar name. Undefined if none is similar. */
export function findNearestField(typed: string): QueryField | undefined {
  const name = typed.toLowerCase();
  return OTHER_NAMES.get(name) ?? findNearestOf(name, fieldNames);
}

type Flag = (typeof flags)[number];

const FLAG_TEXTS: Readonly<Record<Flag, string>> = { code: 'a repository', project: 'a project page' };

/** Synonyms of flags. */
const OTHER_FLAGS: ReadonlyMap<string, Flag> = new Map([
  ...['code', 'github', 'git', 'repo', 'repository', 'implementation', 'source'].map(
    (name) => [name, 'code'] as const,
  ),
  ...['project', 'page', 'website', 'site', 'demo', 'url'].map((name) => [name, 'project'] as const),
]);

/** Values of a flag that is written as a field: `code:yes`, `code:no`. */
const YES = /^(?:yes|true|1)$/i;
const NO = /^(?:no|false|0)$/i;

/** Returns the flag with a name or synonym. Undefined if there is none. */
export function findFlag(name: string): Flag | undefined {
  return OTHER_FLAGS.get(name.toLowerCase());
}

/** Returns what to write for several values of a field: `cat:(cs.CL OR cs.LG)` for `cat:cs.CL,cs.LG`. Undefined if one is invalid. */
export function toValuesHint(field: QueryField, text: string, sign: Sign): string | undefined {
  const values = text.split(/[\s,;，；、|]+/).filter((value) => value !== '');
  const isValid = (value: string) => !(tryParseQuery(`${field}:${value}`) instanceof QueryError);
  if (values.length === 0 || !values.every(isValid)) return undefined;
  return `Write ${sign}${field}:${values.length > 1 ? `(${values.join(' OR ')})` : values[0]}`;
}

/** Matches a URL or a DOI of a paper, and gives its id. */
const PAPER_URL =
  /(?:arxiv\.org\/\w+\/|huggingface\.co\/papers\/|10\.48550\/arxiv\.)([\w.-]+\/\d{7}|\d{4}\.\d{4,5})/i;

/** Returns what to write instead of a field that does not exist. */
export function toFieldHint(name: string, value: string, sign: Sign, lists?: readonly ListId[]): string {
  const id = PAPER_URL.exec(value)?.[1];
  if (id) return `To ${sign ? 'leave out' : 'search for'} a paper, write ${sign}id:${id}`;
  if (/^(?:https?|ftp)$/i.test(name) && value.startsWith('//'))
    return 'A query cannot search for links. Remove the link';
  if (isDateField(name, value)) return NO_DATES;
  const nearest = findNearestField(name);
  const typedId = value.replace(/[.,;:?!]+$/, '').replace(/v\d+$/, '');
  if (nearest === 'id' && isArxivId(typedId)) return `Write ${sign}id:${typedId}. ${IN_QUOTES}`;
  const flag = OTHER_NAMES.has(name.toLowerCase()) ? undefined : findFlag(name);
  const isLeftOut = NO.test(value) ? sign === '' : sign === '-';
  if (flag && (YES.test(value) || NO.test(value)))
    return `Write ${isLeftOut ? '-' : ''}has:${flag} for papers with${isLeftOut ? 'out' : ''} ${FLAG_TEXTS[flag]}. ${IN_QUOTES}`;
  const valued = nearest && value !== '' ? toValuedHint(nearest, value, sign, lists) : undefined;
  if (valued) return `${valued}. ${IN_QUOTES}`;
  return nearest
    ? `Write ${nearest}:, as in ${fieldExamples[nearest]}. ${IN_QUOTES}`
    : `The fields are ${fieldNames.map((field) => `${field}:`).join(' ')}. ${IN_QUOTES}`;
}

/** Returns what to write for a value of a field that has another name here. Undefined if the field cannot have this value. */
function toValuedHint(
  field: QueryField,
  value: string,
  sign: Sign,
  lists: readonly ListId[] | undefined,
): string | undefined {
  const named = fieldNames.find((one) => one === value.toLowerCase());
  // `in:title agents`
  if (named) return `Write ${sign}${named}: before the word, as in ${fieldExamples[named]}`;
  if (field === 'list') return toListHint(value, sign, lists);
  return toValuesHint(field, value, sign) ?? (field === 'id' ? toValuesHint('cat', value, sign) : undefined);
}

/** Synonyms of categories. */
const TOPICS: ReadonlyMap<string, string> = new Map([
  ['ml', 'cs.LG'],
  ['nlp', 'cs.CL'],
  ['vision', 'cs.CV'],
  ['robotics', 'cs.RO'],
  ['speech', 'eess.AS'],
]);

/** Returns what to write instead of a category that does not exist. */
export function toCategoryHint(text: string, sign: Sign): string {
  const [name = '', subject] = text.toLowerCase().split('.');
  const typed = name.replace(/^[\s_-]+|[\s_-]+$/g, '');
  const known = expandArxivCategory(`cs.${typed.toUpperCase()}`) && `cs.${typed.toUpperCase()}`;
  // `cs-LG`, `csLG` and `cs/LG` mean `cs.LG`.
  const [, archive = '', joined = ''] = /^(cs|stat|eess|math|econ)[-_/\s]?([a-z]{2})$/.exec(typed) ?? [];
  const nearest = arxivArchiveIds.find((id) => id === name) ?? findNearestOf(typed, arxivArchiveIds);
  const topic = TOPICS.get(typed);
  const written = archive && `${archive}.${joined.toUpperCase()}`;
  const meant = known || topic || written || nearest;
  if (!meant)
    return `Write it as arXiv does, as in ${sign}cat:cs.LG. For all categories of the subject write ${sign}cat:cs`;
  return nearest === meant && subject !== undefined
    ? `For all categories of the archive write ${sign}cat:${meant}`
    : `Write ${sign}cat:${meant}`;
}

/**
 * Returns what to write instead of a list that does not exist.
 *
 * @param lists the lists that the deployment reads. Without them, the hint names a list only if it is clear which one is meant
 */
export function toListHint(text: string, sign: Sign, lists?: readonly ListId[]): string {
  const category = text.replace(/^arxiv\//i, '');
  const archive = arxivArchiveIds.find((id) => id === category.toLowerCase().replace(/\.\*$/, ''));
  if (expandArxivCategory(category)?.length === 1) {
    const list = `arxiv/${toArxivCategoryId(category)}`;
    return !lists || lists.includes(list)
      ? `Write ${sign}list:${list}`
      : `${toCategoryAdvice(toArxivCategoryId(category), sign)}, because its list is not read here`;
  }
  if (archive) return `For all categories of the archive write ${sign}cat:${archive}`;
  if (!lists || lists.length === 0)
    return `Write the id of a list that is read here, as in ${fieldExamples.list}`;
  const typed = text.toLowerCase().replace(/[*/]+$/, '');
  const begun = lists.filter((id) => id.toLowerCase().startsWith(typed)).slice(0, MAX_SUGGESTED);
  const near = begun.length > 0 ? begun : findNearestNames(typed, lists);
  // If it is not clear which one is meant, the nearest three would look like all.
  const named = near.length > 1 && lists.length <= FEW_LISTS ? lists : near;
  return `Write ${joinWithOr(named.map((id) => `${sign}list:${id}`))}`;
}

/** Returns what to write instead of an invalid comparison. */
export function toComparisonHint(field: string, typed: string, sign: Sign): string {
  const swapped = /^=([<>])(\d{1,9})$/.exec(typed);
  if (swapped) return `Write ${sign}${field}:${swapped[1]}=${swapped[2]}`;
  const [, operator = '>=', number] = /^([<>]=?|=)?\s*([\d,._ ']+\s*k?\+?)$/i.exec(typed) ?? [];
  if (number) {
    const isThousands = /k\+?$/i.test(number);
    const value = isThousands
      ? Number.parseFloat(number.replace(',', '.')) * 1000
      : Number(number.replace(/[^\d]/g, ''));
    if (value < 1e9 && /^\d+\+?$|k\+?$|^\d{1,3}([,._ ']\d{3})+\+?$/i.test(number.trim())) {
      const exact =
        /^\d+$/.test(number) && !/^[<>=]/.test(typed)
          ? ` for at least ${value}, or ${sign}${field}:=${value}`
          : '';
      return `Write ${sign}${field}:${operator}${Math.round(value)}${exact}`;
    }
  }
  const [, from, to] = /^\[?(\d{1,9})(?:\.\.+|-|–)(\d{1,9})\]?$/.exec(typed) ?? [];
  const range = `${field}:>=${from} ${field}:<=${to}`;
  if (from && to) return `Write ${sign ? `-(${range})` : range}`;
  const name = typed.includes(' ') ? `"${typed}"` : typed;
  if (field === 'authors' && /^\p{L}/u.test(typed))
    return `To search for a name, write ${sign}author:${name}`;
  return `Write a whole number of at most 9 digits, without spaces, as in ${fieldExamples[field as QueryField]}`;
}
