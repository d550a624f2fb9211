import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';

/** A simulation creates many short-lived objects. A larger young generation shortens garbage collection. */
const ROOM_FOR_THE_YOUNG = '--max-semi-space-size=64';

/**
 * Runs tasks in one process for each processor. Each process runs one task after another.
 *
 * @param module the URL of the module whose export `name` runs one task
 * @param onResult is called with each result as it arrives
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
