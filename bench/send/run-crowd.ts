import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableOf } from '../../infra/markdown-table.ts';
import { processVariables } from '../../infra/memory.ts';
import { medianOf } from '../quantile.ts';
import { createReadership, type Worker } from './run-send.ts';

const SUBSCRIBERS = 1_000_000;
const SHARE = 10_000;
const PAPERS = 120;
/** Approximate number of rows of the table. */
const ROWS = 10;
const MAX_GROWTH = 1.1;
const WARM_UP = 20_000;
const MAX_MB = 150;

/** How often the worker and a fresh one take turns at the end. */
const ROUNDS = 5;

/**
 * Composes the digests of many subscribers in one worker, one after the other. Prints the processor time of a digest and the memory
 * while they pass through. The worker is warm, and has the memory that `send-digests` has. At the end it takes turns with a
 * fresh worker, because the machine may be slower then. Returns false if it takes more than 150 MB, or over 10 % more time for a digest
 * than the fresh one.
 */
export async function runCrowd(print: (line: string) => void, subscribers = SUBSCRIBERS): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-crowd-'));
  const workers: Worker[] = [];
  const variables = processVariables['send-digests'];
  const startOne = await createReadership(folder, PAPERS, { http: 0, smtp: 0 });
  const startWorker = async () => {
    const worker = await startOne(variables);
    workers.push(worker);
    await worker.run('compose', subscribers, WARM_UP);
    return async (share: number) => {
      const { cpuMicros, rssMb } = await worker.run('compose', share * SHARE, SHARE);
      return { millis: cpuMicros / SHARE / 1_000, rssMb };
    };
  };
  try {
    const rows: string[][] = [];
    const compose = await startWorker();
    const shares = Math.max(2, Math.ceil(subscribers / SHARE));
    const every = Math.ceil(shares / ROWS);
    let mostMb = 0;
    for (let share = 0; share < shares; share += 1) {
      const { millis, rssMb } = await compose(share);
      mostMb = Math.max(mostMb, rssMb);
      if (share < 2 || share % every === 0 || share === shares - 1) {
        rows.push([((share + 1) * SHARE).toLocaleString('en'), millis.toFixed(3), rssMb.toFixed(0)]);
      }
    }
    print(tableOf(['subscribers:', 'CPU-ms a digest:', 'MB:'], rows));
    const composeFresh = await startWorker();
    const [old, fresh]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      fresh.push((await composeFresh(round)).millis);
      old.push((await compose(round)).millis);
    }
    const growth = medianOf(old) / medianOf(fresh);
    const limits = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    print(
      `In turns with a fresh worker, it takes ${growth.toFixed(2)} times as long: ${medianOf(old).toFixed(3)} and ${medianOf(fresh).toFixed(3)} ms. It has at most ${mostMb.toFixed(0)} MB, with ${limits.join(', ')}.`,
    );
    print(`${cpus()[0]?.model}, Node ${process.versions.node}. Load ${loadavg()[0]?.toFixed(1)} at the end.`);
    return growth <= MAX_GROWTH && mostMb <= MAX_MB;
  } finally {
    for (const worker of workers) worker.stop();
    await rm(folder, { recursive: true });
  }
}
