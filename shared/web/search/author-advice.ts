import { findQuery, parseQuery } from '../../matching/query/parse-query.ts';
import { printQuery } from '../../matching/query/print-query.ts';
import { allOf, partsOf } from '../../matching/query/query.ts';
import { isPlainWord } from '../../matching/search/split-query.ts';
import type { SearchHit } from '../../ports/search.ts';
import { findSpellings } from '../papers/names/spellings.ts';
import { toNameQuery } from '../papers/paths.ts';

/**
 * Returns the query for an author if the plain words of a query are a name: `author:"Kaiming He"` for `kaiming he`. Undefined if the hits
 * have no such author. A search finds authors by plain words, but a subscription finds them only by `author:`.
 */
export function findAuthorQuery(
  query: string,
  hits: readonly Pick<SearchHit, 'paper' | 'reasons'>[],
): string | undefined {
  const parsed = findQuery(query);
  if (!parsed) return undefined;
  const parts = partsOf(parsed);
  const words = parts.filter(isPlainWord);
  if (words.length === 0) return undefined;
  const typed = words.map(({ text }) => text).join(' ');
  const [name = isFoundByName(words.length, hits) ? typed : undefined] = findSpellings('author', typed, hits);
  const author = name === undefined ? undefined : toNameQuery('author', name);
  return author && printQuery(allOf([parseQuery(author), ...parts.filter((part) => !isPlainWord(part))]));
}

/** Returns whether most hits have every word in the names of their authors alone. A word such as `LLM` is in the name of a team, too. */
function isFoundByName(count: number, hits: readonly Pick<SearchHit, 'reasons'>[]): boolean {
  const byName = hits.filter(
    ({ reasons }) => reasons.filter(({ condition }) => condition.kind === 'author').length === count,
  );
  return byName.length > hits.length / 2;
}
