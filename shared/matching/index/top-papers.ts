import { hasPaper, type PaperSet } from './paper-set.ts';

/** The papers of a window from the best to the worst. */
export interface RankOrder {
  /** The papers, best first. */
  readonly papers: readonly number[];
  /** The place of each paper in `papers`. */
  readonly placeOf: Uint32Array;
}

/** Returns the order in which the papers come. `papers` names each once. */
export function toRankOrder(papers: readonly number[]): RankOrder {
  const placeOf = new Uint32Array(papers.length);
  for (const [place, paper] of papers.entries()) placeOf[paper] = place;
  return { papers, placeOf };
}

/** Returns the best papers of a set from place `from` to place `to` of its order, without `to`. It sorts a set only if that is small. */
export function topPapers(
  set: PaperSet,
  { papers, placeOf }: RankOrder,
  from: number,
  to: number,
): readonly number[] {
  if (!set.bits) {
    const sorted = [...set.list].sort((a, b) => (placeOf[a] ?? 0) - (placeOf[b] ?? 0));
    return sorted.slice(from, to);
  }
  const found: number[] = [];
  for (let place = 0; place < papers.length && found.length < to; place += 1) {
    const paper = papers[place] ?? 0;
    if (hasPaper(set, paper)) found.push(paper);
  }
  return found.slice(from);
}
