import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';

/** A simulation makes much that lives for moments; with room for it, less time goes into collecting it. */
const ROOM_FOR_THE_YOUNG = '--max-semi-space-size=64';

/**
 * Does tasks in as many processes as there are processors, each process one after the other.
 *
 * @param module the URL of the module whose export `name` does one task
 * @param onResult is told of each result as it comes
 * @throws what a task throws
 */
export async function doInProcesses<Task, Result>(
  module: URL,
  name: string,
  tasks: readonly Task[],
  onResult: (result: Result) => void,
): Promise<void> {
  const pool = new Tinypool({
    runtime: 'child_process',
    filename: module.href,
    name,
    maxThreads: availableParallelism(),
    execArgv: [...process.execArgv, ROOM_FOR_THE_YOUNG],
  });
  try {
    await Promise.all(tasks.map(async (task) => onResult(await pool.run(task))));
  } finally {
    await pool.destroy();
  }
}
