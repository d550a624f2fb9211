import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { createFolder } from '../create-folder.ts';

const LOCK_NAME = 'running.pid';

/** Everything that a copy stores in its folder, except the lock. */
const KEPT_NAMES = [
  ...['tables', 'outbox', 'keys.json', 'keys.json.new', 'log.jsonl'],
  ...['queues.json', 'queues.json.new', 'queues-unreadable.jsonl'],
];

/** Damaged tables, which are kept beside the repaired ones. */
const DAMAGED_TABLES = /^tables-damaged-/;

/** Marks a folder as one that a copy created. Nothing is written or deleted in a folder with other files only. */
const MARKER_NAME = 'broadsheet.txt';
const MARKER = `This folder holds the data of Broadsheet on this machine.
"npm start -- --fresh" deletes it.
`;

/** Copies of older releases wrote no marker, but all of these. */
const OLDER_NAMES = ['keys.json', 'log.jsonl', 'tables'];

/**
 * Locks a folder for this process and returns a function that unlocks it. Creates a missing folder, and marks it as ours. Ignores the
 * lock of a process that no longer runs.
 *
 * It is written by hand, because `proper-lockfile` needs seconds to recognise such a lock and cannot name the process.
 *
 * @throws InvalidInputError if a running process has the lock, or if the folder cannot be used or has unknown files
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await createFolder(folder, '--folder');
  await refuseForeignFolder(folder);
  const path = join(folder, LOCK_NAME);
  await writeFile(join(folder, MARKER_NAME), MARKER);
  // Nothing is awaited from here on, so only one of two processes that start together gets the lock.
  refuseLockedFolder(folder);
  rmSync(path, { force: true });
  writeFileSync(path, String(process.pid), { flag: 'wx' });
  return async () => {
    if (findHolder(folder) === process.pid) await rm(path, { force: true });
  };
}

/**
 * Creates nothing.
 *
 * @throws InvalidInputError if a running process has locked the folder
 */
export function refuseLockedFolder(folder: string): void {
  const path = join(folder, LOCK_NAME);
  const holder = findHolder(folder);
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new InvalidInputError(
      `${folder} is in use by process ${holder}. If that is Broadsheet, stop it, or choose another folder with --folder <folder>. If it is another program, delete ${path}, which a crash left behind.`,
    );
  }
}

/** Returns the process that locked the folder. 0 if none did. */
function findHolder(folder: string): number {
  try {
    return Number(readFileSync(join(folder, LOCK_NAME), 'utf8'));
  } catch {
    return 0;
  }
}

async function refuseForeignFolder(folder: string): Promise<void> {
  const names = new Set(await readdir(folder));
  if (names.size === 0 || names.has(MARKER_NAME) || OLDER_NAMES.every((name) => names.has(name))) return;
  throw new InvalidInputError(
    `The folder "${folder}" has files that are not Broadsheet's. Choose an empty or a new one with --folder <folder>.`,
  );
}

/**
 * Deletes everything that a copy stores in its folder. The lock, the marker and other files stay.
 *
 * @throws InvalidInputError if a running copy uses the tables, even if its lock is gone
 */
export async function emptyFolder(folder: string): Promise<void> {
  const tables = join(folder, 'tables');
  try {
    await ClassicLevel.destroy(tables);
  } catch (cause) {
    throw new InvalidInputError(
      `The tables in ${tables} cannot be deleted (${(cause as Error).message}). If another copy of Broadsheet runs, stop it.`,
      { cause },
    );
  }
  const damaged = (await readdir(folder)).filter((name) => DAMAGED_TABLES.test(name));
  const names = [...KEPT_NAMES, ...damaged];
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
