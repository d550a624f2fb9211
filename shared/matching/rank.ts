import type { Paper } from '../domain/paper.ts';
import type { MatchReason } from './index/explain.ts';
import type { TextField } from './query/query.ts';
import { rankPapers } from './trending.ts';

/** What a term of a query counts by the field that has it. */
const FIELD_POINTS: Readonly<Record<TextField, number>> = { title: 5, abstract: 3, keyword: 3, org: 5 };
const AUTHOR_POINTS = 5;

/**
 * Returns how well a paper matches a query, from the reasons of its match. Higher is better:
 *
 *     match = sum over the different terms of the query that the paper has: 5 in the title, 3 in the abstract or the keywords
 *
 * So a term in the title is worth more than one in the abstract, and two terms anywhere are worth more than one. An author and an
 * organisation count 5, because only a term that names that field finds them. Categories, lists, flags, numbers and excluded terms
 * count nothing.
 */
export function matchPoints(reasons: readonly MatchReason[]): number {
  const points = new Map<string, number>();
  for (const { condition, field = 'abstract' } of reasons) {
    if (condition.kind === 'text') {
      const term = `${condition.words.join(' ')}${condition.isPrefix ? '*' : ''}`;
      points.set(term, Math.max(FIELD_POINTS[field], points.get(term) ?? 0));
    }
    if (condition.kind === 'author') points.set(`author:${condition.text}`, AUTHOR_POINTS);
  }
  return [...points.values()].reduce((sum, one) => sum + one, 0);
}

/**
 * Returns papers by when they were first seen here, the newest first. Papers that came together sort by publication, the newest
 * first, and then by id, the highest first.
 */
export function newestFirst<Sorted extends Pick<Paper, 'id' | 'firstSeenAt' | 'publishedAt'>>(
  papers: readonly Sorted[],
): readonly Sorted[] {
  return [...papers].sort(
    (a, b) =>
      descending(a.firstSeenAt, b.firstSeenAt) ||
      descending(a.publishedAt, b.publishedAt) ||
      descending(a.id, b.id),
  );
}

function descending(a: string, b: string): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** The orders of a window. Papers that match equally well sort by trend. */
export const RANK_RULES = { trending: rankPapers, new: newestFirst, match: matchPoints } as const;
