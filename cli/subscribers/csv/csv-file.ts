import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { CommandError } from '../../deployment/errors.ts';

/** A file that can be read from its start as often as needed, piece by piece. */
export interface CsvFile {
  /** Without its folder: `members.csv`. */
  readonly name: string;
  /** Its text without a byte order mark. Bytes that are wrong in its encoding become {@link REPLACEMENT}. */
  read(): AsyncIterable<string>;
}

/** Stands for bytes that are no character in the encoding of the file. */
export const REPLACEMENT = '\ufffd';

const EXPECTED = 'expected the path of a CSV file';
const SNIFFED_BYTES = 512;

/**
 * Opens a file in UTF-8, or in UTF-16 as Excel's "Unicode text" has it, in either byte order.
 *
 * @throws CommandError if it cannot be read, or is a workbook or an archive
 */
export async function openCsvFile(path: string): Promise<CsvFile> {
  const start = await readStart(path);
  if (start.subarray(0, 4).equals(ZIP))
    throw new CommandError(
      `"${path}" is an archive or an Excel workbook: ${EXPECTED}. Unpack it, or save the sheet as "CSV UTF-8"`,
    );
  const encoding = findEncoding(start);
  return {
    name: basename(path),
    async *read() {
      const decoder = new TextDecoder(encoding);
      for await (const bytes of createReadStream(path)) yield decoder.decode(bytes, { stream: true });
      yield decoder.decode();
    },
  };
}

const ZIP = Buffer.from('PK\u0003\u0004');

/** The first bytes of a file. */
async function readStart(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    throw new CommandError(`"${path}" cannot be read (${code}): ${EXPECTED}`, { cause: error });
  }
}

/** The encoding that the byte order mark names. Without one, zero bytes are the upper halves of UTF-16. */
function findEncoding(start: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const mark = start.length < 2 ? 0 : start.readUInt16BE();
  if (mark === 0xfffe) return 'utf-16le';
  if (mark === 0xfeff) return 'utf-16be';
  const zerosAt = (parity: number) => start.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  if (4 * Math.max(even, odd) < start.length || start.length === 0) return 'utf-8';
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** What the file system calls an error, like `ENOENT`; undefined for an error of anything else. */
export function fileErrorCode(error: unknown): string | undefined {
  const isOfSystem = typeof error === 'object' && error !== null && 'code' in error && 'syscall' in error;
  return isOfSystem ? String(error.code) : undefined;
}
