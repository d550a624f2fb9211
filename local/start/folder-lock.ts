import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '../../shared/domain/errors.ts';

const LOCK_NAME = 'running.pid';

/** All that a copy keeps in its folder besides the lock. */
const KEPT_NAMES = ['tables', 'outbox', 'keys.json', 'queues.json', 'log.jsonl'];

/**
 * Takes a folder, made where it is missing, for this process alone and returns the way to let go of it. A lock left behind by
 * a process that is gone does not count.
 *
 * @throws InvalidInputError when another process that still runs has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, LOCK_NAME);
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new InvalidInputError(
      `${folder} is in use by process ${holder}; stop that one, or choose another with --folder <folder>`,
    );
  }
  await mkdir(folder, { recursive: true });
  await writeFile(path, String(process.pid));
  return () => rm(path, { force: true });
}

/** Throws away what a copy keeps in its folder. The lock stays, and so does whatever else lies there. */
export async function emptyFolder(folder: string): Promise<void> {
  await Promise.all(KEPT_NAMES.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
