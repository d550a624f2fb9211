import type { Paper } from '../domain/papers/paper.ts';
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

/** Of three places in a digest, the first two are for papers with votes. */
const VOTED_OF_THREE = 2;

/**
 * Returns the first papers of two orders that take turns: two papers with known votes, then one with unknown votes. If one order has no
 * more papers, the other goes on. So a digest of ten papers from both kinds of lists has seven with votes and three without.
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

/** What papers without votes are compared by. Each function takes the number of a paper. */
export interface UnvotedRules {
  /** How well it matches the query. */
  readonly matchOf: (paper: number) => number;
  /** Whether its primary category is one that the reader follows. */
  readonly isPrimary: (paper: number) => boolean;
}

/**
 * Returns the best of some papers with unknown votes. The better match comes first, then a paper whose primary category the reader
 * follows, then the one that comes first among the given papers.
 *
 * @param papers the newest first
 */
export function takeUnvoted(
  papers: readonly number[],
  { matchOf, isPrimary }: UnvotedRules,
  count: number,
): readonly number[] {
  const best: number[] = [];
  const scores: number[] = [];
  for (const paper of papers) {
    // A match is a whole number, so half a point decides only between equal ones.
    const score = matchOf(paper) + (isPrimary(paper) ? 0.5 : 0);
    let place = best.length;
    while (place > 0 && (scores[place - 1] ?? 0) < score) place -= 1;
    if (place >= count) continue;
    best.splice(place, 0, paper);
    scores.splice(place, 0, score);
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
      descending(a.pickedAt ?? a.firstSeenAt, b.pickedAt ?? b.firstSeenAt) ||
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
