import { readdirSync } from 'node:fs';
import { InvalidInputError } from '../shared/domain/errors.ts';

/**
 * Returns the names of the files in a folder of recordings, sorted.
 *
 * @param expected says which files are recordings, for the person who named the folder
 * @throws InvalidInputError if the folder cannot be listed
 */
export function listRecordedFiles(folder: string, expected: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new InvalidInputError(`Cannot list the recordings in "${folder}": ${expected}`, { cause });
  }
}
