import MiniSearch, { type QueryCombination } from 'minisearch';
import type { Paper } from '../../shared/domain/papers/paper.ts';
import { parseQuery } from '../../shared/matching/query/parse-query.ts';
import type { QueryNode } from '../../shared/matching/query/query.ts';
import { matchesPlainly, toPlainPaper } from '../../test/shared/matching/naive-evaluator.ts';
import { LIST } from './recorded-days.ts';

/** How many queries a control evaluated, how many papers they matched, and how long it took. */
export interface ControlResult {
  readonly name: string;
  readonly queries: number;
  readonly matches: number;
  readonly cpuMs: number;
}

/** Evaluates each query on each paper, by the definition of the query language. */
export function runNaively(papers: readonly Paper[], texts: readonly string[]): ControlResult {
  const plain = papers.map((paper) => toPlainPaper(paper, [LIST]));
  const nodes = texts.map(parseQuery);
  return measure(
    'naive evaluator',
    nodes,
    (node) => plain.filter((paper) => matchesPlainly(node, paper)).length,
  );
}

/** Searches with MiniSearch. It has no phrases, so it finds papers that have the words of a phrase anywhere in the field. */
export function runMiniSearch(papers: readonly Paper[], texts: readonly string[]): ControlResult {
  const index = new MiniSearch({ fields: ['title', 'abstract', 'keyword'], idField: 'id' });
  index.addAll(
    papers.map(({ id, title, abstract, aiKeywords }) => ({
      id,
      title,
      abstract,
      keyword: aiKeywords.join('\n'),
    })),
  );
  const queries = texts.map((text) => toMiniSearch(parseQuery(text)));
  return measure('MiniSearch 7.2.0', queries, (query) => index.search(query).length);
}

function toMiniSearch(node: QueryNode): QueryCombination {
  switch (node.kind) {
    case 'and': {
      const excluded = node.parts.flatMap((part) => (part.kind === 'not' ? [toMiniSearch(part.part)] : []));
      const required = node.parts.filter((part) => part.kind !== 'not').map(toMiniSearch);
      const all: QueryCombination = { combineWith: 'AND', queries: required };
      return excluded.length > 0 ? { combineWith: 'AND_NOT', queries: [all, ...excluded] } : all;
    }
    case 'or':
      return { combineWith: 'OR', queries: node.parts.map(toMiniSearch) };
    case 'text':
      return {
        combineWith: 'AND',
        prefix: node.isPrefix,
        queries: [node.text],
        ...(node.field && { fields: [node.field] }),
      };
    default:
      throw new Error(`the benchmark has no queries of the kind ${node.kind}`);
  }
}

function measure<Query>(
  name: string,
  queries: readonly Query[],
  count: (query: Query) => number,
): ControlResult {
  const before = process.cpuUsage();
  let matches = 0;
  for (const query of queries) matches += count(query);
  const { user, system } = process.cpuUsage(before);
  return { name, queries: queries.length, matches, cpuMs: (user + system) / 1000 };
}
