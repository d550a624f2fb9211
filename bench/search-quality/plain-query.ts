import { MAX_CONDITIONS } from '../../shared/matching/query/parse-query.ts';
import { allOf, type QueryNode, type TextCondition } from '../../shared/matching/query/query.ts';
import { analysePhrase } from '../../shared/matching/text/analyser.ts';

/** A word with the signs that belong to it: `C++`, `.NET`, `GPT-4o`. */
const WORD = /\.?[\p{L}\p{N}]\p{M}*(?:[^\s"“”„«»()]*[\p{L}\p{N}]\p{M}*)?(?:\+\+|#)?/gu;

/**
 * Returns a query for the words of a question. No sign or word in it is an operator, because the questions of a collection are not written
 * in the query language. Words after the first {@link MAX_CONDITIONS} are left out.
 */
export function toPlainQuery(text: string): QueryNode {
  const parts: TextCondition[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const phrase = analysePhrase(word.replaceAll('*', ' '));
    if (phrase.words.length === 0 || parts.length === MAX_CONDITIONS) continue;
    const range = { start: index, end: index + word.length };
    parts.push({ kind: 'text', field: undefined, text: word.replaceAll('*', ' ').trim(), ...phrase, range });
  }
  return allOf(parts);
}
