import { tryParseQuery } from '../../matching/query/parse-query.ts';
import { printQuery } from '../../matching/query/print-query.ts';
import { QueryError } from '../../matching/query/query.ts';
import { isPlainWord } from '../../matching/search/split-query.ts';
import type { SearchHit } from '../../ports/search.ts';
import { findSpellings } from '../papers/names/spellings.ts';
import { toNameQuery } from '../papers/paths.ts';

/**
 * Returns the query for an author if the plain words of a query are a name: `author:"Kaiming He"` for `kaiming he`. Undefined if none of
 * the hits has such an author. A search finds authors by plain words, but a subscription finds them only by `author:`.
 */
export function findAuthorQuery(
  query: string,
  hits: readonly Pick<SearchHit, 'paper' | 'reasons'>[],
): string | undefined {
  const parsed = tryParseQuery(query);
  if (parsed instanceof QueryError) return undefined;
  const parts = parsed.kind === 'and' ? parsed.parts : [parsed];
  const words = parts.filter(isPlainWord);
  if (words.length === 0) return undefined;
  const typed = words.map(({ text }) => text).join(' ');
  const [name = isFoundByName(words.length, hits) ? typed : undefined] = findSpellings('author', typed, hits);
  const author = name === undefined ? undefined : toNameQuery('author', name);
  if (author === undefined) return undefined;
  const others = printQuery({ kind: 'and', parts: parts.filter((part) => !isPlainWord(part)) });
  return others === '' ? author : `${author} ${others}`;
}

/** Returns whether a hit has every word in the names of its authors alone. */
function isFoundByName(count: number, hits: readonly Pick<SearchHit, 'reasons'>[]): boolean {
  return hits.some(
    ({ reasons }) => reasons.filter(({ condition }) => condition.kind === 'author').length === count,
  );
}
