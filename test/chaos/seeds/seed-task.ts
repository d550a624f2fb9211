import type { SeedFailure, SeedResult } from './seed-result.ts';
import { simulateSeed } from './simulate-seed.ts';

export interface SeedTask {
  readonly seed: number;
  readonly subscribers: number;
}

/** Simulates one seed in a separate process. An error becomes a result, so the other seeds continue. */
export async function runSeedTask({ seed, subscribers }: SeedTask): Promise<SeedResult | SeedFailure> {
  try {
    return await simulateSeed(seed, subscribers);
  } catch (error) {
    return { seed, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
