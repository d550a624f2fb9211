import { readdirSync, readFileSync } from 'node:fs';
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

/** Returns the text of a recording, without a byte order mark, or why it cannot be opened. */
export function readRecordedFile(
  path: string,
): { readonly text: string; readonly problem?: never } | { readonly text?: never; readonly problem: string } {
  try {
    return { text: readFileSync(path, 'utf8').replace(/^\ufeff/, '') };
  } catch (error) {
    return { problem: `it cannot be opened (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** Returns the value of a JSON text. Undefined for any other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names a recording and what is wrong with it. */
export function toReplayProblem(path: string, what: string): string {
  return `The recording "${path}" cannot be replayed whole: ${what}. Record it again, or remove the file.`;
}
