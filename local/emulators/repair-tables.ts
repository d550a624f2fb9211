import { existsSync } from 'node:fs';
import { cp, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { InvalidInputError } from '../../shared/domain/errors.ts';

/**
 * Repairs the tables in a folder if they are damaged, as after a full disk, a power cut or a partial copy. The damaged files are first
 * copied to a folder beside it. Every record that is whole is kept. A missing folder, or one without tables, stays as it is.
 *
 * @param report receives a line about the repair
 * @returns whether it repaired them, now or at a start that did not call {@link endRepair}. Tables and entries of indexes may be missing then.
 * @throws InvalidInputError if the folder is a file, is in use, or cannot be read or written
 */
export async function repairTables(folder: string, report: (line: string) => void): Promise<boolean> {
  const damage = await findDamage(folder);
  if (damage === undefined) return existsSync(markOf(folder));
  const copy = `${folder}-damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    // A killed process leaves no half copy under the last name, and the next start replaces it.
    const part = `${folder}-damaged.part`;
    await rm(part, { recursive: true, force: true });
    await cp(folder, part, { recursive: true });
    await rename(part, copy);
    await writeFile(markOf(folder), '');
    await ClassicLevel.repair(folder);
    await rm(join(folder, 'lost'), { recursive: true, force: true });
  } catch (cause) {
    throw unusable(folder, cause, 'Make room on the disk if it is full, then start again.');
  }
  report(
    `The tables were damaged (${damage}) and are repaired. Some papers, subscribers or records of digests may be missing. The damaged files are in ${copy}. Delete that folder if nothing is missing.`,
  );
  return true;
}

/** Records that what a repair lost was made again: the tables and the entries of their indexes. */
export async function endRepair(folder: string): Promise<void> {
  await rm(markOf(folder), { force: true });
}

/**
 * Forgets each table that a killed process began to create. dynalite would say for ever that it is being created. Items stay, because a
 * repair may have lost a table and kept its items.
 */
export async function forgetHalfCreated(folder: string): Promise<void> {
  const store = new ClassicLevel<string, { readonly TableStatus?: string }>(folder, {
    valueEncoding: 'json',
  });
  await store.open();
  for await (const [key, { TableStatus }] of store.iterator({ gte: 'table~', lt: 'table~\uffff' }))
    if (TableStatus === 'CREATING') await store.del(key);
  await store.close();
}

/** The file that marks tables whose repair has not ended. */
function markOf(folder: string): string {
  return join(folder, 'repair-has-not-ended');
}

/** Returns what is damaged, in the words of LevelDB. Undefined for whole tables and for a folder without tables. */
async function findDamage(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): readonly string[] => {
    if (error.code === 'ENOENT') return [];
    throw unusable(folder, error, 'Move it to another place, then start again.');
  });
  // LevelDB would take a folder without this file for a new one, and delete all records in it.
  if (!names.includes('CURRENT')) return names.some(isData) ? 'the file CURRENT is missing' : undefined;
  const before = await findHalfTables(folder);
  const store = new ClassicLevel(folder, { createIfMissing: false });
  try {
    await store.open();
    await store.close();
  } catch (error) {
    return damageOf(folder, error);
  }
  // An open store merges files in the background, and its end may interrupt that. The half file is no damage: the next start deletes it.
  for (const [name, changedAt] of await findHalfTables(folder))
    if (before.get(name) === changedAt) return `${name} is incomplete`;
  return undefined;
}

function isData(name: string): boolean {
  return /^MANIFEST-|\.(?:ldb|log|sst)$/.test(name);
}

/** Returns the damage that an error of LevelDB names. Throws if something else keeps it from the files. */
function damageOf(folder: string, error: unknown): string {
  const { cause = error } = error as Error;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'LEVEL_LOCKED') throw unusable(folder, cause, 'Stop the program that uses it.');
  if (/permission denied|read-only|no space|not permitted|too many open/i.test(message))
    throw unusable(folder, cause, 'Change that, then start again.');
  return message.replaceAll(`${folder}/`, '');
}

/** The last bytes of each file of records, and its least length. LevelDB reads them only when it needs a record. */
const FOOTER_END = Buffer.from('57fb808b247547db', 'hex');
const FOOTER_BYTES = 48;

/** Returns the files of records that lack their end, with the time of their last change. */
async function findHalfTables(folder: string): Promise<ReadonlyMap<string, number>> {
  const halves = new Map<string, number>();
  for (const name of await readdir(folder)) {
    if (!/\.(?:ldb|sst)$/.test(name)) continue;
    const file = await open(join(folder, name));
    try {
      const { size, mtimeMs } = await file.stat();
      const end = Buffer.alloc(FOOTER_END.length);
      await file.read(end, 0, end.length, Math.max(0, size - end.length));
      if (size < FOOTER_BYTES || !end.equals(FOOTER_END)) halves.set(name, mtimeMs);
    } finally {
      await file.close();
    }
  }
  return halves;
}

function unusable(folder: string, cause: unknown, advice: string): InvalidInputError {
  const { message } = cause as Error;
  return new InvalidInputError(`The tables in ${folder} cannot be opened (${message}). ${advice}`, { cause });
}
