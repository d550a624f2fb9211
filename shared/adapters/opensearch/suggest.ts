import * as z from '../../domain/zod.ts';
import type { QueryNode, TextCondition } from '../../matching/query/query.ts';
import { isPlainWord } from '../../matching/search/split-query.ts';

const suggestSchema = z.object({
  suggest: z.record(
    z.string(),
    z.array(z.object({ text: z.string(), options: z.array(z.object({ text: z.string() })) })),
  ),
});

/** Asks for words that papers have, in place of plain words that none has. */
export function toSuggestBody(words: readonly TextCondition[]) {
  const term = {
    field: 'abstract',
    analyzer: 'whitespace',
    suggest_mode: 'missing',
    size: 1,
    min_word_length: 4,
  };
  const asked = words.map(({ words: [stem = ''] }, at) => [`word-${at}`, { text: stem, term }]);
  return { size: 0, suggest: Object.fromEntries(asked) };
}

/** Returns the better word for each stem that has one. */
export function toSuggestions(answer: unknown): ReadonlyMap<string, string> {
  const { suggest } = suggestSchema.parse(answer);
  return new Map(
    Object.values(suggest)
      .flat()
      .flatMap(({ text, options: [best] }) => (best ? [[text, best.text] as const] : [])),
  );
}

/** Returns the query with other plain words. */
export function replaceWords(query: QueryNode, better: ReadonlyMap<string, string>): QueryNode {
  if (query.kind === 'and') return { ...query, parts: query.parts.map((part) => replaceWord(part, better)) };
  return replaceWord(query, better);
}

function replaceWord(node: QueryNode, better: ReadonlyMap<string, string>): QueryNode {
  const [stem = '', ...others] = isPlainWord(node) ? node.words : [];
  const word = others.length === 0 ? better.get(stem) : undefined;
  return word === undefined || !isPlainWord(node) ? node : { ...node, text: word, words: [word] };
}
