import { type PaperSet, setHas } from './paper-set.ts';

/** The papers of a window from the best to the worst. */
export interface RankOrder {
  /** The papers, best first. */
  readonly papers: readonly number[];
  /** The index of each paper in `papers`. */
  readonly rankOf: Uint32Array;
}

/** @param papers every paper once, best first */
export function toRankOrder(papers: readonly number[]): RankOrder {
  const rankOf = new Uint32Array(papers.length);
  for (const [rank, paper] of papers.entries()) rankOf[paper] = rank;
  return { papers, rankOf };
}

/** Returns the papers of a set with the ranks `from` to `to`, without `to`. Only a small set is sorted. */
export function topPapers(
  set: PaperSet,
  { papers, rankOf }: RankOrder,
  from: number,
  to: number,
): readonly number[] {
  if (!set.bits) {
    const sorted = [...set.list].sort((a, b) => (rankOf[a] ?? 0) - (rankOf[b] ?? 0));
    return sorted.slice(from, to);
  }
  const found: number[] = [];
  for (let rank = 0; rank < papers.length && found.length < to; rank += 1) {
    const paper = papers[rank] ?? 0;
    if (setHas(set, paper)) found.push(paper);
  }
  return found.slice(from);
}
