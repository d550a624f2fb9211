/** Runs the queries of the benchmark on MiniSearch, in a process of its own: `node minisearch-process.mjs <folder>`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MiniSearch, { type QueryCombination, type SearchResult } from 'minisearch';
import { parseQuery } from '../../shared/matching/query/parse-query.ts';
import type { QueryNode } from '../../shared/matching/query/query.ts';
import { measureEngine } from './measure.ts';
import { miniSearchOptions } from './minisearch-documents.ts';
import type { BenchQuery } from './query-mix.ts';

const [, , folder = ''] = process.argv;
const stored = [readFileSync(join(folder, 'minisearch.json'), 'utf8')];
const queries: readonly BenchQuery[] = JSON.parse(readFileSync(join(folder, 'queries.json'), 'utf8'));

await measureEngine({
  load: () => MiniSearch.loadJSON(stored.pop() ?? '', miniSearchOptions),
  queries,
  checkedQueries: 0,
  search(index, { text, lists }) {
    const node = parseQuery(text);
    const parts = node.kind === 'and' ? node.parts : [node];
    const texts = parts.filter(isText);
    const tests = parts.flatMap((part) => toTest(part) ?? []);
    const filter = (result: SearchResult) =>
      (!lists || lists.includes(result.list)) && tests.every((test) => test(result));
    const query = texts.length > 0 ? toQuery({ kind: 'and', parts: texts }) : MiniSearch.wildcard;
    return index.search(query, { filter }).length;
  },
  resultFile: join(folder, 'minisearch.result.json'),
});

function isText(node: QueryNode): boolean {
  if (node.kind === 'not') return isText(node.part);
  return node.kind === 'text' || node.kind === 'author' || node.kind === 'or';
}

function toTest(node: QueryNode): ((result: SearchResult) => boolean) | undefined {
  if (node.kind === 'has') return (result) => result.code;
  if (node.kind === 'number') return (result) => result.upvotes >= node.value;
  if (node.kind === 'category') return (result) => result.categories.includes(node.value);
  return undefined;
}

function toQuery(node: QueryNode): QueryCombination {
  switch (node.kind) {
    case 'and': {
      const excluded = node.parts.flatMap((part) => (part.kind === 'not' ? [toQuery(part.part)] : []));
      const required = node.parts.filter((part) => part.kind !== 'not').map(toQuery);
      const all: QueryCombination = { combineWith: 'AND', queries: required };
      return excluded.length > 0 ? { combineWith: 'AND_NOT', queries: [all, ...excluded] } : all;
    }
    case 'or':
      return { combineWith: 'OR', queries: node.parts.map(toQuery) };
    case 'text':
      return {
        combineWith: 'AND',
        prefix: node.isPrefix,
        queries: [node.text],
        ...(node.field && { fields: [node.field] }),
      };
    case 'author':
      return { combineWith: 'AND', queries: [node.text], fields: ['author'] };
    default:
      throw new Error(`the benchmark has no queries of the kind ${node.kind}`);
  }
}
