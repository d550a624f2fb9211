import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { CommandError } from '../deployment/errors.ts';

/** A file that can be read from its start as often as needed, piece by piece. */
export interface CsvFile {
  /** The name without the folder: `members.csv`. */
  readonly name: string;
  /** Reads the text, without a byte order mark. Bytes that are wrong in its encoding become {@link REPLACEMENT}. */
  read(): AsyncIterable<string>;
}

/** Replaces bytes that are no character in the encoding of the file. */
export const REPLACEMENT = '\ufffd';

const SNIFFED_BYTES = 512;
const ZIP = Buffer.from('PK\u0003\u0004');

/**
 * Opens a file in UTF-8, or in UTF-16 as Excel's "Unicode text" has it, in either byte order.
 *
 * @throws CommandError if it cannot be read, or is a workbook or an archive
 */
export async function openCsvFile(path: string): Promise<CsvFile> {
  const start = await readStart(path);
  if (start.subarray(0, 4).equals(ZIP))
    throw new CommandError(
      `"${path}" is an archive or an Excel workbook, not a CSV file. Unpack it, or save the sheet as "CSV UTF-8".`,
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
    const fault = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new CommandError(`"${path}" ${fault}. Give the path of a CSV file.`, {
      cause: error,
    });
  }
}

/** Returns the encoding that the byte order mark names. Without one, zero bytes are the upper halves of UTF-16. */
function findEncoding(start: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const mark = start.length < 2 ? 0 : start.readUInt16BE();
  if (mark === 0xfffe) return 'utf-16le';
  if (mark === 0xfeff) return 'utf-16be';
  const zerosAt = (parity: number) => start.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  if (4 * Math.max(even, odd) < start.length || start.length === 0) return 'utf-8';
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** Returns the code of a file system error, such as `ENOENT`. Undefined for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  const isOfSystem = typeof error === 'object' && error !== null && 'code' in error && 'syscall' in error;
  return isOfSystem ? String(error.code) : undefined;
}

/** A row of a file and the line on which it begins, with its cells or with what is wrong. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[]; readonly fault?: undefined }
  | { readonly line: number; readonly fault: string };

/** The longest row that is read, in bytes of UTF-8. A full profile takes a quarter of it. */
export const MAX_ROW_BYTES = 256 * 1024;

/** A quoted cell may hold line breaks. A row of more lines than this has a quotation mark that is never closed. */
const MAX_LINES_PER_ROW = 500;

const TOO_LONG = `the line is longer than ${MAX_ROW_BYTES} bytes. Check its quotation marks.`;
const MALFORMED =
  'a quotation mark is not closed, or is not doubled inside a quoted cell. Write "cell", and "" for a mark inside it.';

/**
 * Reads the rows of a CSV file. Cells are separated by commas, semicolons, tabs, or the sign that a first line `sep=;` names.
 * Blanks around cells do not count. Rows without any content are left out.
 *
 * A malformed row costs one row. The library stops at a quotation mark that is never closed, or that closes too early. Then the
 * first line of that row becomes a fault, and reading goes on at the next line. The library gets one block of lines at a time,
 * because its stream drops the rows that it parsed before an error.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export async function* readRecords(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let delimiter: string | undefined;
  let width: number | undefined;
  /** The bytes that belong to no record yet, and the number of their first line. */
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;

  for await (const block of toLineBlocks(pieces)) {
    let text = block.text;
    if (delimiter === undefined) {
      const found = findDelimiter(text);
      if (!found) {
        line += countBreaks(Buffer.from(text));
        continue;
      }
      ({ delimiter, text } = found);
    }
    rest = Buffer.concat([rest, Buffer.from(text)]);
    let isMalformed: boolean;
    do {
      const { rows, stop } = parseRows(rest, delimiter);
      isMalformed = stop === 'malformed' || (stop === 'open-quote' && block.isLast);
      for (const { cells, bytes } of rows) {
        const row = rest.subarray(0, bytes);
        const lines = countBreaks(row);
        const isOdd = lines > MAX_LINES_PER_ROW || (width !== undefined && cells.length !== width);
        // A quotation mark that is never closed may pair with a single one, lines later.
        if (isOdd && endOfFirstLine(row) < bytes) {
          isMalformed = true;
          break;
        }
        if (cells.some((cell) => cell !== '')) {
          width ??= cells.length;
          yield { line, cells };
        }
        rest = rest.subarray(bytes);
        line += lines;
      }
      if (isMalformed) {
        const end = endOfFirstLine(rest);
        yield { line, fault: end > MAX_ROW_BYTES ? TOO_LONG : MALFORMED };
        rest = rest.subarray(end);
        line += 1;
      }
    } while (isMalformed);
  }
}

/** Parses rows until the end, or until one that is malformed. `open-quote`: the last row may go on in the next block. */
function parseRows(bytes: Buffer, delimiter: string) {
  const rows: { readonly cells: readonly string[]; readonly bytes: number }[] = [];
  let end = 0;
  try {
    parse(bytes, {
      delimiter,
      trim: true,
      // In 5" or Ada "Countess" Lovelace a quotation mark is part of a cell that does not begin with one.
      relax_quotes: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      max_record_size: MAX_ROW_BYTES,
      on_record(cells: readonly string[], context) {
        rows.push({ cells, bytes: context.bytes - end });
        end = context.bytes;
        return null;
      },
    });
    return { rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, stop: error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'open-quote' : 'malformed' } as const;
  }
}

const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Finds what separates the cells: what Excel's line `sep=;` says, or the sign that the first line has most of outside quotation
 * marks. Returns the text without the line `sep=;`, or undefined if every line is blank.
 */
function findDelimiter(text: string): { readonly delimiter: string; readonly text: string } | undefined {
  const [first = ''] = /^.*\S.*$/m.exec(text) ?? [];
  if (first === '') return undefined;
  const [, named] = /^"?sep=(.)"?\s*$/i.exec(first) ?? [];
  if (named !== undefined) return { delimiter: named, text: text.replace(first, '') };
  const unquoted = first.replaceAll(/"[^"]*"/g, '');
  const countOf = (sign: string) => unquoted.split(sign).length;
  return {
    delimiter: DELIMITERS.reduce((best, sign) => (countOf(sign) > countOf(best) ? sign : best)),
    text,
  };
}

interface LineBlock {
  /** Whole lines with their breaks. A line that never ends is cut short. */
  readonly text: string;
  readonly isLast: boolean;
}

/** Cuts a text after line breaks. Memory holds one piece and one line of limited length. */
async function* toLineBlocks(pieces: AsyncIterable<string>): AsyncGenerator<LineBlock> {
  let rest = '';
  for await (const piece of pieces) {
    rest += piece;
    // A final carriage return may be half of a break.
    const end = Math.max(rest.lastIndexOf('\n'), rest.slice(0, -1).lastIndexOf('\r')) + 1;
    if (end > 0) {
      yield { text: rest.slice(0, end), isLast: false };
      rest = rest.slice(end);
    } else if (rest.length > 2 * MAX_ROW_BYTES) {
      rest = rest.slice(0, MAX_ROW_BYTES + 1) + rest.slice(-1);
    }
  }
  yield { text: rest, isLast: true };
}

const LF = 0x0a;
const CR = 0x0d;

/** Counts line breaks as an editor does: LF, CR LF or CR. */
function countBreaks(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) count += 1;
  }
  return count;
}

function endOfFirstLine(bytes: Uint8Array): number {
  const at = bytes.findIndex((byte) => byte === LF || byte === CR);
  if (at < 0) return bytes.length;
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
}

/**
 * Returns a row of a CSV file, with its line break. Every cell that is not blank is quoted, and none runs as a formula.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function writeRecord(cells: readonly string[]): string {
  return stringify([cells.map(escapeFormula)], {
    quoted: true,
    quoted_empty: false,
    record_delimiter: '\r\n',
  });
}

/** A spreadsheet program runs a cell that begins like this as a formula. In some languages the wide signs begin one, too. */
const FORMULA = /^'*[=+\-@＝＋－＠\t\r\n]/;

/**
 * Returns a cell that no spreadsheet program runs as a formula. A cell that looks like one gets an apostrophe in front. So does
 * a cell that has apostrophes there already, so that {@link unescapeFormula} restores every text.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function escapeFormula(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** Returns the text that {@link escapeFormula} was given. */
export function unescapeFormula(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

const MAX_QUOTED_CHARS = 80;

/** Returns a text from a file as a message shows it: in quotation marks, on one line, and not too long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}…` : text);
}
