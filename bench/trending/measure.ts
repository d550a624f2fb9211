import type { Random } from '../../test/simulation/seeded-random.ts';

/** Scores that differ by less are a tie. Rounding makes such differences. */
const TIE = 1e-9;

/**
 * Returns the normalised discounted cumulative gain of the first `k` places: 1 for the best order. Undefined if nothing can be gained.
 *
 * Papers with the same score share their places, so each of them has the mean gain. That is what a random order of them would
 * give on average. So a score that is the same for all papers gives the value of a random order.
 */
export function ndcg<Ranked>(
  ranked: readonly Ranked[],
  scoreOf: (one: Ranked) => number,
  gainOf: (one: Ranked) => number,
  k = 5,
): number | undefined {
  const best = discounted(
    ranked.map(gainOf).sort((a, b) => b - a),
    k,
  );
  if (best === 0) return undefined;
  const sorted = ranked
    .map((one) => ({ score: scoreOf(one), gain: gainOf(one) }))
    .sort((a, b) => b.score - a.score);
  const gains: number[] = [];
  while (gains.length < sorted.length) {
    const score = sorted[gains.length]?.score ?? 0;
    const tied = sorted.slice(gains.length).filter((one) => score - one.score < TIE);
    const mean = meanOf(tied.map(({ gain }) => gain));
    gains.push(...tied.map(() => mean));
  }
  return discounted(gains, k) / best;
}

function discounted(gains: readonly number[], k: number): number {
  return gains.slice(0, k).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);
}

/** Returns the mean. NaN if there are no values. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The 95 % confidence interval of a mean. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;

/** Returns the 95 % confidence interval of the mean by the bootstrap: the means of samples of the values, drawn with replacement. */
export function bootstrapInterval(values: readonly number[], random: Random): Interval {
  const means = Array.from({ length: RESAMPLES }, () =>
    meanOf(values.map(() => values[Math.floor(random() * values.length)] ?? 0)),
  ).sort((a, b) => a - b);
  const at = (share: number) => means[Math.round(share * (RESAMPLES - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
