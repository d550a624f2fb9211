/** As many as can be simulated in a day or two. */
const MOST_SEEDS = 100_000;

/**
 * Returns the seeds of `1..2000`, both ends included, or of `7`.
 *
 * @throws Error for anything else
 */
export function parseSeeds(text: string): readonly number[] {
  const [, first = '', last = first] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text) ?? [];
  if (first === '' || Number(last) < Number(first))
    throw new Error(`--seeds ${text}: expected a seed like 7, or the first and the last like 1..2000`);
  if (Number(last) - Number(first) >= MOST_SEEDS)
    throw new Error(`--seeds ${text}: expected ${MOST_SEEDS} seeds at most`);
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, n) => Number(first) + n);
}
