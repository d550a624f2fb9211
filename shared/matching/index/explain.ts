import type { Condition, QueryNode, TextField } from '../query/query.ts';
import { onePaper, type PaperSet, setHas } from './paper-set.ts';

/** Why a paper matched: a condition of the query that it meets. */
export interface MatchReason {
  readonly condition: Condition;
  /** The first field that has the words of a text condition, in the order title, abstract, keywords, organisation. */
  readonly field?: TextField | undefined;
}

export interface ExplainedPapers {
  /** Returns the papers that meet a condition. Only those of `within` matter. A text condition can be narrowed to one field. */
  find(condition: Condition, within?: PaperSet, field?: TextField): PaperSet;
}

/** The fields that a text condition searches, the most important first. */
const SEARCHED: readonly TextField[] = ['title', 'abstract', 'keyword'];

/**
 * Returns why a paper matched a query, in the order of the query: the conditions that it meets. Of an `OR` it names only the parts
 * that the paper meets, and of a `NOT` nothing. The empty query gives no reasons.
 */
export function explain(node: QueryNode, paper: number, papers: ExplainedPapers): readonly MatchReason[] {
  return reasonsFor(node, paper, papers) ?? [];
}

/** Undefined if the paper does not match. */
function reasonsFor(
  node: QueryNode,
  paper: number,
  papers: ExplainedPapers,
): readonly MatchReason[] | undefined {
  switch (node.kind) {
    case 'all':
      return [];
    case 'and': {
      const parts = node.parts.map((part) => reasonsFor(part, paper, papers));
      return parts.every((reasons) => reasons !== undefined) ? parts.flat() : undefined;
    }
    case 'or': {
      const holding = node.parts.flatMap((part) => {
        const reasons = reasonsFor(part, paper, papers);
        return reasons ? [reasons] : [];
      });
      return holding.length > 0 ? holding.flat() : undefined;
    }
    case 'not':
      return reasonsFor(node.part, paper, papers) ? undefined : [];
    default:
      return reasonFor(node, paper, papers);
  }
}

function reasonFor(
  condition: Condition,
  paper: number,
  papers: ExplainedPapers,
): readonly MatchReason[] | undefined {
  const only = onePaper(paper);
  if (!setHas(papers.find(condition, only), paper)) return undefined;
  if (condition.kind !== 'text') return [{ condition }];
  const field =
    condition.field ?? SEARCHED.find((searched) => setHas(papers.find(condition, only, searched), paper));
  return [{ condition, field }];
}
