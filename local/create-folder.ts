import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidInputError } from '../shared/domain/errors.ts';

/**
 * Creates a folder and its parents, if they are missing. Only their owner can read what is in them.
 *
 * @param option the option that names the folder, such as `--out`
 * @throws InvalidInputError if it is a file, cannot be created, or is not writable
 */
export async function createFolder(folder: string, option: string): Promise<void> {
  const toFolderError = (words: string, cause?: unknown) =>
    new InvalidInputError(`${words}. Choose another one with ${option} <folder>.`, { cause });
  await makeAll(folder).catch((error: NodeJS.ErrnoException) => {
    throw toFolderError(`The folder "${folder}" cannot be created (${error.code})`, error);
  });
  if (!(await stat(folder)).isDirectory()) throw toFolderError(`"${folder}" is a file, not a folder`);
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw toFolderError(`You are not allowed to write to the folder "${folder}"`, error);
  });
}

/** Mails and tables hold addresses and working links. */
const OWNER_ONLY = { mode: 0o700 };

/** Node's own `recursive` never returns for a folder such as `/proc/x`. */
async function makeAll(folder: string): Promise<void> {
  const code = await mkdir(folder, OWNER_ONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST' || (error.code === 'ENOENT' && dirname(folder) !== folder)) return error.code;
    throw error;
  });
  if (code !== 'ENOENT') return;
  await makeAll(dirname(folder));
  await mkdir(folder, OWNER_ONLY);
}
