/** Numbers from 0 to below 1 that are the same for the same seed. */
export type Random = () => number;

/**
 * Mulberry32: 32 bits of state, enough for faults and delays.
 *
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of some values, each as likely as the others. @throws RangeError where there is none */
export function pickOne<Value>(values: readonly Value[], random: Random): Value {
  const position = Math.floor(random() * values.length);
  if (!(position in values)) throw new RangeError('there is nothing to pick from');
  return values[position] as Value;
}
