import { intersect, NO_PAPERS, type PaperSet, subtract, unite } from './paper-set.ts';
import type { Condition, QueryNode } from './query.ts';

/** What a query is evaluated over. */
export interface EvaluatedPapers {
  readonly paperCount: number;
  readonly all: PaperSet;
  /** Returns the papers that meet a condition. */
  find(condition: Condition): PaperSet;
}

/** Returns the papers that match a query. */
export function evaluate(node: QueryNode, papers: EvaluatedPapers): PaperSet {
  switch (node.kind) {
    case 'all':
      return papers.all;
    case 'and':
      return evaluateAnd(node.parts, papers);
    case 'or':
      return unite(
        node.parts.map((part) => evaluate(part, papers)),
        papers.paperCount,
      );
    case 'not':
      return subtract(papers.all, evaluate(node.part, papers));
    default:
      return papers.find(node);
  }
}

/** Intersects the rarest parts first, so that most steps are over few papers. It takes away what is not wanted last. */
function evaluateAnd(parts: readonly QueryNode[], papers: EvaluatedPapers): PaperSet {
  const required: PaperSet[] = [];
  for (const part of parts) {
    if (part.kind === 'not') continue;
    const found = evaluate(part, papers);
    if (found.size === 0) return NO_PAPERS;
    required.push(found);
  }
  let [result = papers.all, ...others] = required.sort((a, b) => a.size - b.size);
  for (const set of others) result = intersect(result, set);
  for (const part of parts) {
    if (part.kind === 'not' && result.size > 0) result = subtract(result, evaluate(part.part, papers));
  }
  return result;
}
