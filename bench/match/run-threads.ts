import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { bundleWorker } from '../bundle-worker.ts';

/** Runs a worker on each task, all at the same time, and returns what they answer. The worker is bundled, like the functions on AWS. */
export async function runThreads<Task, Result>(
  worker: URL,
  tasks: readonly Task[],
): Promise<readonly Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  try {
    const file = pathToFileURL(await bundleWorker(worker, folder));
    return await Promise.all(
      tasks.map(async (workerData) => {
        const [result] = await once(new Worker(file, { workerData }), 'message');
        return result;
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
