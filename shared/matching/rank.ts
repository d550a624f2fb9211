import type { Paper } from '../domain/papers/paper.ts';
import { compareText } from '../domain/text/compare-text.ts';
import type { MatchReason } from './index/explain.ts';
import type { TextField } from './query/query.ts';

/** The points of a term of a query by the field that has it. */
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
  return [...points.values()].reduce((sum, termPoints) => sum + termPoints, 0);
}

/** Of every three papers of a digest, the first two have votes. */
const VOTED_OF_THREE = 2;

/**
 * Interleaves two orders: two papers with known votes, then one with unknown votes. When one order ends, the other continues. So a digest of
 * ten papers from both kinds of lists has seven with votes and three without.
 */
export function interleave<Ranked>(
  voted: readonly Ranked[],
  unvoted: readonly Ranked[],
  count: number,
): readonly Ranked[] {
  const taken: Ranked[] = [];
  for (let v = 0, u = 0; taken.length < count && (v < voted.length || u < unvoted.length); ) {
    const isForVoted = taken.length % 3 < VOTED_OF_THREE;
    const takesVoted = v < voted.length && (isForVoted || u >= unvoted.length);
    taken.push(...(takesVoted ? voted.slice(v, v + 1) : unvoted.slice(u, u + 1)));
    if (takesVoted) v += 1;
    else u += 1;
  }
  return taken;
}

/** How to compare papers without votes. Each function takes the number of a paper. */
export interface UnvotedRules {
  /** How well it matches the query. */
  readonly scoreOf: (paper: number) => number;
  /** Whether its primary category is one that the reader follows. */
  readonly isPrimary: (paper: number) => boolean;
}

/**
 * Returns the best of the papers, which have unknown votes. They sort by match, then by whether the reader follows the primary category, then
 * by their given order.
 *
 * @param papers the newest first
 */
export function takeUnvoted(
  papers: readonly number[],
  { scoreOf, isPrimary }: UnvotedRules,
  count: number,
): readonly number[] {
  const best: number[] = [];
  const scores: number[] = [];
  for (const paper of papers) {
    // Scores are whole numbers, so half a point only breaks ties.
    const score = scoreOf(paper) + (isPrimary(paper) ? 0.5 : 0);
    let rank = best.length;
    while (rank > 0 && (scores[rank - 1] ?? 0) < score) rank -= 1;
    if (rank >= count) continue;
    best.splice(rank, 0, paper);
    scores.splice(rank, 0, score);
    if (best.length > count) {
      best.pop();
      scores.pop();
    }
  }
  return best;
}

/**
 * Returns papers by when they were first seen here, or picked on Hugging Face later, the newest first. Papers that came together sort by
 * publication, the newest first, and then by id, the highest first.
 */
export function newestFirst<Sorted extends Pick<Paper, 'id' | 'firstSeenAt' | 'publishedAt' | 'pickedAt'>>(
  papers: readonly Sorted[],
): readonly Sorted[] {
  return [...papers].sort(
    (a, b) =>
      compareText(b.pickedAt ?? b.firstSeenAt, a.pickedAt ?? a.firstSeenAt) ||
      compareText(b.publishedAt, a.publishedAt) ||
      compareText(b.id, a.id),
  );
}
