import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { CommandError } from '../../deployment/command-error.ts';
import { fileErrorCode } from '../file-error-code.ts';

/** A file that can be read from the start as often as needed, piece by piece. */
export interface CsvFile {
  /** Without its folder: `members.csv`. */
  readonly name: string;
  /** Its text, without the mark of its encoding. */
  read(): AsyncIterable<string>;
}

const EXPECTED = 'expected the path of a CSV file';

/**
 * Opens a file in UTF-8, or in the UTF-16 that Excel calls Unicode text.
 *
 * @throws CommandError where there is none, or it may not be read
 */
export async function openCsvFile(path: string): Promise<CsvFile> {
  const encoding = await findEncoding(path);
  return {
    name: basename(path),
    async *read() {
      let isFirst = true;
      for await (const piece of createReadStream(path, { encoding })) {
        yield isFirst ? String(piece).replace(/^\ufeff/, '') : String(piece);
        isFirst = false;
      }
    },
  };
}

async function findEncoding(path: string): Promise<'utf8' | 'utf16le'> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer.readUInt16LE() === 0xfeff ? 'utf16le' : 'utf8';
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    throw new CommandError(`"${path}" cannot be read (${code}): ${EXPECTED}`, { cause: error });
  }
}
