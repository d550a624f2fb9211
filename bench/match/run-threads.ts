import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

/** Runs a worker on each task, all at the same time, and returns what they answer. The worker is bundled, like the functions on AWS. */
export async function runThreads<Task, Result>(
  worker: URL,
  tasks: readonly Task[],
): Promise<readonly Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  const outfile = join(folder, 'worker.mjs');
  try {
    await build({
      ...{ entryPoints: [fileURLToPath(worker)], outfile, bundle: true },
      ...{ platform: 'node', format: 'esm', target: 'node20', mainFields: ['module', 'main'] },
    });
    return await Promise.all(
      tasks.map(async (workerData) => {
        const [result] = await once(new Worker(pathToFileURL(outfile), { workerData }), 'message');
        return result;
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
