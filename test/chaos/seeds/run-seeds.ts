import { doInProcesses } from '../in-processes.ts';
import type { SeedFailure, SeedResult } from './seed-result.ts';
import type { SeedTask } from './seed-task.ts';
import { addResult, describeTotals, faultsIn, NOTHING, type Totals } from './totals.ts';

const SEEDS_PER_LINE = 100;
const MS_PER_SEC = 1000;

/** Lives through seeds and tells what became of them; whether nothing was wrong. */
export async function runSeeds(
  seeds: readonly number[],
  subscribers: number,
  tell: (line: string) => void,
): Promise<boolean> {
  const startedAt = performance.now();
  let totals: Totals = NOTHING;
  let failed = 0;
  const tasks = seeds.map((seed): SeedTask => ({ seed, subscribers }));
  await doInProcesses<SeedTask, SeedResult | SeedFailure>(
    new URL('./seed-task.ts', import.meta.url),
    'runSeedTask',
    tasks,
    (result) => {
      totals = addResult(totals, result);
      const faults = faultsIn(result);
      for (const fault of faults) tell(`seed ${result.seed}: ${fault}`);
      if (faults.length > 0) failed += 1;
      if (totals.seeds % SEEDS_PER_LINE === 0) tell(`${totals.seeds} of ${seeds.length} seeds lived through`);
    },
  );
  const seconds = (performance.now() - startedAt) / MS_PER_SEC;
  for (const line of describeTotals(totals, seconds)) tell(line);
  if (failed > 0)
    tell(`${failed} seeds went wrong; npm run chaos -- --seeds <one> lives through one again, exactly`);
  return failed === 0;
}
