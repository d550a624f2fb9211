import { doInProcesses } from '../in-processes.ts';
import type { SeedFailure, SeedResult } from './seed-result.ts';
import type { SeedTask } from './seed-task.ts';
import { addResult, describeTotals, faultsInSeed, NOTHING, type Totals } from './totals.ts';

const LINES_OF_PROGRESS = 20;
const MS_PER_SEC = 1000;

/** Simulates seeds and prints their outcome. Returns whether there was no fault. */
export async function runSeeds(
  seeds: readonly number[],
  subscribers: number,
  tell: (line: string) => void,
): Promise<boolean> {
  const startedAt = performance.now();
  let totals: Totals = NOTHING;
  let failed = 0;
  const seedsPerLine = Math.ceil(seeds.length / LINES_OF_PROGRESS);
  const tasks = seeds.map((seed): SeedTask => ({ seed, subscribers }));
  await doInProcesses<SeedTask, SeedResult | SeedFailure>(
    new URL('./seed-task.ts', import.meta.url),
    'runSeedTask',
    tasks,
    (result) => {
      totals = addResult(totals, result);
      const faults = faultsInSeed(result);
      if (seeds.length === 1 && 'fingerprint' in result) tell(`fingerprint ${result.fingerprint}`);
      for (const fault of faults) tell(`seed ${result.seed}: ${fault}`);
      if (faults.length > 0) failed += 1;
      if (totals.seeds % seedsPerLine === 0 && totals.seeds < seeds.length)
        tell(`${totals.seeds} of ${seeds.length} seeds simulated`);
    },
  );
  const seconds = (performance.now() - startedAt) / MS_PER_SEC;
  for (const line of describeTotals(totals, seconds)) tell(line);
  if (failed > 0)
    tell(`${failed} of ${seeds.length} seeds failed. Run --seeds <one> to repeat a seed exactly`);
  return failed === 0;
}
