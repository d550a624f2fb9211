import { type CsvError, parse } from 'csv-parse';
import { CsvError as CsvSyncError, parse as parseSync } from 'csv-parse/sync';

/** A row of a file and the line on which it begins, with its cells or with what is wrong. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[]; readonly fault?: undefined }
  | { readonly line: number; readonly fault: string };

/** The longest row that is read, in bytes of UTF-8. A full profile takes a quarter of it. */
export const MAX_ROW_BYTES = 256 * 1024;

/** A quoted cell may hold line breaks. A row of more lines than this has a quotation mark that is never closed. */
const MAX_LINES_PER_ROW = 500;

const TOO_LONG = `the line is longer than ${MAX_ROW_BYTES} bytes: expected a row`;
const MALFORMED =
  'a quotation mark is never closed, or stands alone inside a quoted cell: expected "cell", with each one in it doubled';

const ROW_OPTIONS = {
  trim: true,
  // In 5" or Ada "Countess" Lovelace a quotation mark is part of a cell that does not begin with one. Because cells are trimmed,
  // a quoted cell that goes on after its closing mark is an error all the same.
  relax_quotes: true,
  relax_column_count: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  max_record_size: MAX_ROW_BYTES,
};

/**
 * Reads the rows of a CSV file piece by piece. Cells are separated by commas, semicolons, tabs, or the sign that a first line
 * `sep=;` names. Blanks around cells do not count. Rows without any content are left out.
 *
 * A bad row costs one row. The parser stops at a quotation mark that is never closed, or that closes too early. Then the first
 * line of that row is the fault, and a new parser starts at the next line.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export async function* readRecords(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let delimiter: string | undefined;
  let width: number | undefined;
  let parser: RowParser | undefined;
  /** What was read and is part of no record yet, and the number of its first line. */
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;

  for await (const block of toLineBlocks(pieces)) {
    let text = block.text;
    if (delimiter === undefined) {
      const found = findDelimiter(text);
      if (found === undefined) {
        line += countBreaks(Buffer.from(text));
        continue;
      }
      ({ delimiter, text } = found);
    }
    let input: Buffer = Buffer.from(text);
    rest = Buffer.concat([rest, input]);
    for (;;) {
      parser ??= createRowParser(delimiter);
      const isStopped = await parser.write(input, block.isLast);
      let isBroken = false;
      for (const { cells, bytes } of parser.take()) {
        const row = rest.subarray(0, bytes);
        const lines = countBreaks(row);
        const isOdd = lines > MAX_LINES_PER_ROW || (width !== undefined && cells.length !== width);
        // A quotation mark that is never closed may meet one that stands alone lines later.
        isBroken = isOdd && endOfFirstLine(row) < bytes;
        if (isBroken) break;
        if (cells.some((cell) => cell !== '')) {
          width ??= cells.length;
          yield { line, cells };
        }
        rest = rest.subarray(bytes);
        line += lines;
      }
      if (!isBroken && !isStopped) break;
      const end = endOfFirstLine(rest);
      const record = readLine(line, rest.subarray(0, end), delimiter);
      if (record.fault !== undefined || record.cells.some((cell) => cell !== '')) yield record;
      rest = rest.subarray(end);
      line += 1;
      input = rest;
      parser = undefined;
    }
  }
}

/** Parses the rows of one delimiter until a row is malformed. */
interface RowParser {
  /** Parses more of the file. Resolves to true when a row is malformed; the parser is of no use after that. */
  write(bytes: Buffer, isLast: boolean): Promise<boolean>;
  /** The rows that were parsed since the last call, each with its length in bytes, line break included. */
  take(): readonly { readonly cells: readonly string[]; readonly bytes: number }[];
}

function createRowParser(delimiter: string): RowParser {
  let rows: { cells: readonly string[]; bytes: number }[] = [];
  let end = 0;
  const parser = parse({
    ...ROW_OPTIONS,
    delimiter,
    // Rows are kept here, because a stream that fails drops the rows that nobody has read.
    on_record(cells: readonly string[], { bytes }: { readonly bytes: number }) {
      rows.push({ cells, bytes: bytes - end });
      end = bytes;
      return null;
    },
  });
  const failed = new Promise<true>((resolve) => {
    parser.on('error', (_malformed: CsvError) => {
      resolve(true);
    });
  });
  return {
    write(bytes, isLast) {
      const isWritten = new Promise<false>((resolve) => {
        if (isLast) parser.once('finish', () => resolve(false)).end(bytes);
        else parser.write(bytes, (error) => error ?? resolve(false));
      });
      return Promise.race([failed, isWritten]);
    },
    take() {
      const taken = rows;
      rows = [];
      return taken;
    },
  };
}

/** Reads one line alone, after the parser stopped at it. */
function readLine(line: number, bytes: Buffer, delimiter: string): CsvRecord {
  if (bytes.length > MAX_ROW_BYTES) return { line, fault: TOO_LONG };
  try {
    const [cells = [], ...more] = parseSync(bytes, { ...ROW_OPTIONS, delimiter });
    return more.length === 0 ? { line, cells } : { line, fault: MALFORMED };
  } catch (error) {
    if (error instanceof CsvSyncError) return { line, fault: MALFORMED };
    throw error;
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
  /** Whole lines with their breaks; of a line that never ends, the beginning. */
  readonly text: string;
  readonly isLast: boolean;
}

/** Cuts a text that comes in pieces after line breaks. Memory holds one piece and one line of limited length. */
async function* toLineBlocks(pieces: AsyncIterable<string>): AsyncGenerator<LineBlock> {
  let rest = '';
  for await (const piece of pieces) {
    rest += piece;
    const end = endOfLastLine(rest);
    if (end > 0) {
      yield { text: rest.slice(0, end), isLast: false };
      rest = rest.slice(end);
    } else if (rest.length > 2 * MAX_ROW_BYTES) {
      // The last character stays: a carriage return may be half of a break.
      rest = rest.slice(0, MAX_ROW_BYTES + 1) + rest.slice(-1);
    }
  }
  yield { text: rest, isLast: true };
}

/** Where the last line with a whole break ends; 0 if there is none. A final carriage return may be half of a break. */
function endOfLastLine(text: string): number {
  return Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r', text.length - 2)) + 1;
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
