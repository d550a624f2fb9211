import type { Condition, QueryNode } from '../query/query.ts';
import { intersect, NO_PAPERS, type PaperSet, subtract, unite } from './paper-set.ts';

export interface EvaluatedPapers {
  readonly paperCount: number;
  readonly all: PaperSet;
  /** Returns the papers that meet a condition. Only those of `within` matter, so the result may lack others. */
  find(condition: Condition, within?: PaperSet): PaperSet;
}

/** Returns the papers that match a query. Only those of `within` matter, so the result may lack others. */
export function evaluate(node: QueryNode, papers: EvaluatedPapers, within?: PaperSet): PaperSet {
  switch (node.kind) {
    case 'all':
      return papers.all;
    case 'and':
      return evaluateAnd(node.parts, papers);
    case 'or':
      return unite(
        node.parts.map((part) => evaluate(part, papers, within)),
        papers.paperCount,
      );
    case 'not':
      return subtract(papers.all, evaluate(node.part, papers));
    default:
      return papers.find(node, within);
  }
}

/**
 * Evaluates the fast parts first, and intersects them, the rarest first. Then it evaluates phrases, which are checked paper by paper, and last
 * the negated parts.
 */
function evaluateAnd(parts: readonly QueryNode[], papers: EvaluatedPapers): PaperSet {
  const sets: PaperSet[] = [];
  for (const part of parts) {
    if (part.kind === 'not' || isSlow(part)) continue;
    const found = evaluate(part, papers);
    if (found.size === 0) return NO_PAPERS;
    sets.push(found);
  }
  sets.sort((a, b) => a.size - b.size);
  let result = sets[0];
  for (let at = 1; result && at < sets.length; at += 1) result = intersect(result, sets[at] ?? NO_PAPERS);

  for (const part of parts) {
    if (result?.size === 0) return NO_PAPERS;
    if (!isSlow(part)) continue;
    const found = evaluate(part, papers, result);
    result = result ? intersect(result, found) : found;
  }
  let left = result ?? papers.all;
  for (const part of parts) {
    if (part.kind === 'not' && left.size > 0) left = subtract(left, evaluate(part.part, papers, left));
  }
  return left;
}

/** Returns whether a part may have phrases. */
function isSlow(node: QueryNode): boolean {
  return node.kind === 'or' || (node.kind === 'text' && node.words.length > 1);
}
