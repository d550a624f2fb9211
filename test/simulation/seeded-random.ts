/** Returns the next number from 0 to below 1. The same seed gives the same numbers. */
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

/** Returns one of the values, each with the same chance. @throws RangeError if there are none */
export function pickOne<Value>(values: readonly Value[], random: Random): Value {
  const position = Math.floor(random() * values.length);
  if (!(position in values)) throw new RangeError('expected at least one value');
  return values[position] as Value;
}
