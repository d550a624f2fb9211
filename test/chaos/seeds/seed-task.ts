import type { SeedFailure, SeedResult } from './seed-result.ts';
import { simulateSeed } from './simulate-seed.ts';

export interface SeedTask {
  readonly seed: number;
  readonly subscribers: number;
}

/** Lives through one seed in a process of its own; an error becomes a result, so that the other seeds go on. */
export async function runSeedTask({ seed, subscribers }: SeedTask): Promise<SeedResult | SeedFailure> {
  try {
    return await simulateSeed(seed, subscribers);
  } catch (error) {
    return { seed, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
