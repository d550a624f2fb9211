import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableOf } from '../../infra/markdown-table.ts';
import { nodeOptions } from '../../infra/memory.ts';
import { ask, medianOf, start } from './run-send.ts';

const SUBSCRIBERS = 1_000_000;
const SHARE = 10_000;
const PAPERS = 120;
/** The table has so many rows about. */
const ROWS = 10;
const MAX_GROWTH = 1.1;
const WARM_UP = 20_000;
const MAX_MB = 150;

/**
 * Composes the digests of many subscribers in one worker, one after the other. Prints the processor time of a digest and the memory
 * while they pass through. The worker is warm, and has the options of Node.js that `send-digests` has. Returns false if it takes more than
 * 150 MB, or if the last digests take over 10 % more time than the first ones.
 */
export async function runCrowd(print: (line: string) => void, subscribers = SUBSCRIBERS): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-crowd-'));
  const options = nodeOptions['send-digests'];
  const { child } = await start(folder, 'worker', [String(PAPERS), '{"http":0,"smtp":0}'], [...options]);
  try {
    const rows: string[][] = [];
    await ask(child, { task: 'compose', first: subscribers, digests: WARM_UP });
    const shares = Math.max(2, Math.ceil(subscribers / SHARE));
    const every = Math.ceil(shares / ROWS);
    const times: number[] = [];
    let mostMb = 0;
    for (let share = 0; share < shares; share += 1) {
      const first = share * SHARE;
      const { cpuMicros, rssMb } = await ask(child, { task: 'compose', first, digests: SHARE });
      times.push(cpuMicros / SHARE / 1_000);
      mostMb = Math.max(mostMb, rssMb);
      if (share < 2 || share % every === 0 || share === shares - 1) {
        rows.push([(first + SHARE).toLocaleString('en'), (times.at(-1) ?? 0).toFixed(3), rssMb.toFixed(0)]);
      }
    }
    print(tableOf(['subscribers:', 'CPU-ms a digest:', 'MB:'], rows));
    const growth = medianOf(times.slice(-3)) / medianOf(times.slice(0, 3));
    print(
      `The last digests take ${growth.toFixed(2)} times as long as the first ones. The worker has at most ${mostMb.toFixed(0)} MB, with ${options.join(' ')}.`,
    );
    print(`${cpus()[0]?.model}, Node ${process.versions.node}. Load ${loadavg()[0]?.toFixed(1)} at the end.`);
    return growth <= MAX_GROWTH && mostMb <= MAX_MB;
  } finally {
    child.disconnect();
    await rm(folder, { recursive: true });
  }
}
