/** Returns how much a judged grade is worth. It is never negative. */
export type GainOf = (grade: number) => number;

/** A document of interest, whichever grade it has. */
export const binaryGain: GainOf = (grade) => Number(grade >= 1 && grade <= 4);

/** 15 for a complete answer, 7, 3 and 1 for the others: 2^(5 - grade) - 1. */
export const gradedGain: GainOf = (grade) => (grade >= 1 && grade <= 4 ? 2 ** (5 - grade) - 1 : 0);

/** A document that was judged at all. */
export const judgedGain: GainOf = () => 1;

/** What one answer is worth, from 0 to 1. Undefined if nothing can be gained. */
export type Measure<Id> = (ranked: readonly Id[], grades: ReadonlyMap<Id, number>) => number | undefined;

/** Returns the normalised discounted cumulative gain of the first `k` places: 1 if no order of all documents is better. */
export function ndcgOf<Id>(gainOf: GainOf, k: number): Measure<Id> {
  return (ranked, grades) => {
    const best = discounted(
      [...grades.values()].map(gainOf).sort((a, b) => b - a),
      k,
    );
    if (best === 0) return undefined;
    return discounted(ranked.map(toGains(grades, gainOf)), k) / best;
  };
}

/** Returns the share of the first `k` places that have a document of interest. */
export function precisionOf<Id>(k: number): Measure<Id> {
  return (ranked, grades) => {
    const gains = ranked.slice(0, k).map(toGains(grades, binaryGain));
    return gains.reduce((sum, gain) => sum + gain, 0) / k;
  };
}

/** Returns the average precision: the mean, over all documents of interest, of the precision at their places. */
export function averagePrecision<Id>(ranked: readonly Id[], grades: ReadonlyMap<Id, number>) {
  const total = [...grades.values()].map(binaryGain).reduce((sum, gain) => sum + gain, 0);
  if (total === 0) return undefined;
  let found = 0;
  let sum = 0;
  for (const [place, gain] of ranked.map(toGains(grades, binaryGain)).entries()) {
    found += gain;
    if (gain > 0) sum += found / (place + 1);
  }
  return sum / total;
}

/** Returns 1 divided by the place of the first document of interest. It is 0 if there is none. */
export function reciprocalRank<Id>(ranked: readonly Id[], grades: ReadonlyMap<Id, number>) {
  const place = ranked.findIndex((id) => binaryGain(grades.get(id) ?? 0) > 0);
  return place < 0 ? 0 : 1 / (place + 1);
}

function toGains<Id>(grades: ReadonlyMap<Id, number>, gainOf: GainOf) {
  return (id: Id) => {
    const grade = grades.get(id);
    return grade === undefined ? 0 : gainOf(grade);
  };
}

function discounted(gains: readonly number[], k: number): number {
  return gains.slice(0, k).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);
}
