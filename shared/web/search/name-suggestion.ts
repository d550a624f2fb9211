import { parseQuery, parseQueryIfValid } from '../../matching/query/parse-query.ts';
import { printQuery } from '../../matching/query/print-query.ts';
import { allOf, conditionsOf, partsOf, type QueryNode } from '../../matching/query/query.ts';
import { adviseOnNames } from '../../matching/query/unquoted-names.ts';
import { isPlainWord } from '../../matching/search/split-query.ts';
import type { SearchHit } from '../../ports/search.ts';
import { findSpellings } from '../papers/names/spellings.ts';
import { type NameKind, toNameQuery } from '../paths/paper-paths.ts';

type Hit = Pick<SearchHit, 'paper' | 'reasons'>;

/** A query for a name that was typed as plain words. */
export interface NameSuggestion {
  readonly kind: Exclude<NameKind, 'keyword'>;
  /** `author:"Kaiming He"`, `org:ByteDance`, with the other conditions of the search. */
  readonly query: string;
  /** Whether the words hardly mean anything else. One word that few papers have as an author, such as `Qwen`, may be a topic. */
  readonly isCertain: boolean;
}

/**
 * Returns the query for an author or an organisation if the plain words of a query are its name: `author:"Kaiming He"` for `kaiming he`.
 * Undefined if the hits have no such name. A search finds names by plain words, but a subscription finds them only by `author:` and `org:`.
 * Undefined too if the words are the rest of a name, as in `org:Carnegie Mellon` and `-author:grace he`.
 */
export function suggestName(query: string, hits: readonly Hit[]): NameSuggestion | undefined {
  const parsed = parseQueryIfValid(query);
  if (!parsed) return undefined;
  const parts = partsOf(parsed);
  const words = parts.filter(isPlainWord).map(({ text }) => text);
  if (words.length === 0) return undefined;
  const found = findOrganisation(words, hits) ?? findAuthor(words, hits);
  if (!found || parts.some((part) => part.kind === 'not' && isFor(found.kind, part.part))) return undefined;
  // The advice about such a name says what to write.
  if (adviseOnNames(query, conditionsOf(parsed)).length > 0) return undefined;
  const queries = found.names.map((name) => toNameQuery(found.kind, name));
  if (!queries.every((nameQuery) => nameQuery !== undefined)) return undefined;
  const others = parts.filter((part) => !isPlainWord(part));
  const suggested = printQuery(allOf([...queries.map(parseQuery), ...others]));
  return { kind: found.kind, query: suggested, isCertain: found.isCertain };
}

/** Returns whether a hit has a plain word of the query only as a name. A subscription does not find it by this word. */
export function areNamesAlone(query: string, hits: readonly Pick<Hit, 'reasons'>[]): boolean {
  const parsed = parseQueryIfValid(query);
  const words = parsed
    ? partsOf(parsed)
        .filter(isPlainWord)
        .map(({ text }) => text)
    : [];
  return hits.some(({ reasons }) =>
    reasons.some((reason) => isByName('author', words, reason) || isByName('organisation', words, reason)),
  );
}

function isFor(kind: NameSuggestion['kind'], condition: QueryNode): boolean {
  return kind === 'author'
    ? condition.kind === 'author'
    : condition.kind === 'text' && condition.field === 'org';
}

interface FoundName extends Pick<NameSuggestion, 'kind' | 'isCertain'> {
  /** Each becomes a condition. */
  readonly names: readonly string[];
}

/**
 * One word of an organisation is often an ordinary word, such as `meta`. So either most papers have the words nowhere else, or several words
 * are the whole name, such as `University of Cambridge`.
 */
function findOrganisation(words: readonly string[], hits: readonly Hit[]): FoundName | undefined {
  const [name] = findSpellings('organisation', words.join(' '), hits);
  const isWholeName = name !== undefined && words.length > 1;
  if (!isWholeName && !isMostly('organisation', words, hits)) return undefined;
  // The words may be a part of the name, in any order.
  return { kind: 'organisation', names: name === undefined ? words : [name], isCertain: true };
}

function findAuthor(words: readonly string[], hits: readonly Hit[]): FoundName | undefined {
  const typed = words.join(' ');
  const isByName = isMostly('author', words, hits);
  const [name = isByName ? typed : undefined] = findSpellings('author', typed, hits);
  if (name === undefined) return undefined;
  return { kind: 'author', names: [name], isCertain: isByName || words.length > 1 };
}

/** Returns whether a hit was found by a plain word that it has only in such a name. */
function isByName(
  kind: NameSuggestion['kind'],
  words: readonly string[],
  { condition, field }: Hit['reasons'][number],
): boolean {
  return kind === 'author'
    ? condition.kind === 'author' && words.includes(condition.text)
    : field === 'org' && condition.kind === 'text' && condition.field === undefined;
}

/**
 * Returns whether most hits have every word in such a name alone. A word such as `LLM` is in the name of a team, too. A reason of another
 * condition, such as `author:"Ada Lovelace"`, does not count.
 */
function isMostly(
  kind: NameSuggestion['kind'],
  words: readonly string[],
  hits: readonly Pick<Hit, 'reasons'>[],
): boolean {
  const byName = hits.filter(({ reasons }) => {
    const names = reasons.filter((reason) => isByName(kind, words, reason));
    return names.length === words.length;
  });
  return byName.length > hits.length / 2;
}
