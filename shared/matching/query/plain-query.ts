import { analysePhrase } from '../text/analyser.ts';
import { MAX_CONDITIONS } from './parse-query.ts';
import { QueryError, type QueryNode, type TextCondition } from './query.ts';
import { tryReadQuery } from './read-query.ts';

/** Signs that somebody types on purpose: quotes, a field with a value, an operator, a word that is left out, a prefix, a comparison. */
const LANGUAGE =
  /["“”„«»]|(?:^|[\s(])(?:[a-z]+[:：]\S|(?:OR|NOT|AND)(?=[\s)]|$)|[-–—−][^\s\p{Dash}])|\S\*(?=[\s)]|$)|[<>=|]/u;

/** A word with the signs that belong to it: `C++`, `.NET`, `GPT-4o`. */
const WORD = /\.?[\p{L}\p{N}](?:[^\s"“”„«»()]*[\p{L}\p{N}\p{M}])?(?:\+\+|#)?/gu;

/**
 * Returns the query of a text in a search field. A question such as `is it faster or not?` is no valid query of the language, and uses no
 * sign of it. Then its words are searched as they are.
 */
export function tryReadSearch(text: string): QueryNode | QueryError {
  const query = tryReadQuery(text);
  if (!(query instanceof QueryError) || LANGUAGE.test(text)) return query;
  const plain = toPlainQuery(text);
  return plain.kind === 'all' ? query : plain;
}

/** Returns a query for the words of a text in any order. No sign in it is an operator. Words after the first {@link MAX_CONDITIONS} are left out. */
export function toPlainQuery(text: string): QueryNode {
  const parts: TextCondition[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const phrase = analysePhrase(word.replaceAll('*', ' '));
    if (phrase.words.length === 0 || parts.length === MAX_CONDITIONS) continue;
    const place = { start: index, end: index + word.length };
    parts.push({ kind: 'text', field: undefined, text: word.replaceAll('*', ' ').trim(), ...phrase, place });
  }
  const [first = { kind: 'all' }, ...others] = parts;
  return others.length > 0 ? { kind: 'and', parts } : first;
}
