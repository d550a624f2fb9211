import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CommandError } from '../../deployment/command-error.ts';
import { fileErrorCode } from '../csv/csv-file.ts';

/**
 * Writes a file that nobody else on the machine may read. What breaks off leaves none; with `isForced` it leaves the one that
 * was there before.
 *
 * @throws CommandError where there is a file already and it is not forced, or where none can be made
 */
export async function writePrivateFile(
  path: string,
  isForced: boolean,
  pieces: AsyncIterable<string>,
): Promise<void> {
  const target = isForced ? `${path}.part` : path;
  const file = await open(target, 'wx', 0o600).catch((error: unknown) => {
    throw explain(target, error);
  });
  try {
    await pipeline(pieces, file.createWriteStream());
    if (isForced) await rename(target, path);
  } catch (error) {
    await rm(target, { force: true });
    throw explain(path, error);
  }
}

/** What an operator can do about an error of the file system; any other as it is. */
function explain(path: string, error: unknown): unknown {
  const code = fileErrorCode(error);
  if (code === undefined) return error;
  if (code === 'EEXIST')
    return new CommandError(`"${path}" is there already: expected the path of a new file, or --force`);
  return new CommandError(`"${path}" cannot be written (${code}): expected the path of a new file`, {
    cause: error,
  });
}
