import { CsvError, parse } from 'csv-parse/sync';
import { type Delimiter, findDelimiter } from './delimiter.ts';
import { type Line, MAX_ROW_CHARS, readLines } from './lines.ts';

/** A row of a file, and the line on which it begins: its cells, or what is wrong with it. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[]; readonly fault?: undefined }
  | { readonly line: number; readonly fault: string };

const MAX_LINES = 500;

const MALFORMED =
  'a quotation mark is never closed, or stands alone inside a quoted cell: expected "cell", with each one in it doubled';

/**
 * Reads the rows of a CSV file as RFC 4180 has them, and as they are found: with semicolons or tabs, blanks around cells, and
 * quotation marks within. Rows without anything in them are left out.
 *
 * A bad row costs one row. A quotation mark that is never closed would take all that follows for its cell; such a row ends
 * with its line, and the next line is read anew.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export async function* readRecords(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const lines = readLines(pieces);
  const ahead: Line[] = [];
  let delimiter: Delimiter | undefined;
  for (;;) {
    const { count, isClosed } = await lookAhead(lines, ahead);
    const [first] = ahead;
    if (!first) return;
    delimiter ??= findDelimiter(first.text);
    const whole = count > 1 && isClosed ? toRecord(ahead.slice(0, count), delimiter) : undefined;
    const isWhole = whole !== undefined && whole.fault === undefined;
    const record = isWhole ? whole : toRecord([first], delimiter);
    ahead.splice(0, isWhole ? count : 1);
    if (record.fault !== undefined || record.cells.some((cell) => cell !== '')) yield record;
  }
}

/**
 * Reads on until there are as many lines ahead as may make up one row: quotation marks come in pairs, so a row that has one
 * without its other goes on in the next line.
 */
async function lookAhead(
  lines: AsyncGenerator<Line>,
  ahead: Line[],
): Promise<{ readonly count: number; readonly isClosed: boolean }> {
  let count = 0;
  let chars = 0;
  let isClosed = true;
  do {
    if (count === ahead.length) {
      const next = await lines.next();
      if (next.done) break;
      ahead.push(next.value);
    }
    const text = ahead[count]?.text ?? '';
    count += 1;
    chars += text.length;
    if (text.split('"').length % 2 === 0) isClosed = !isClosed;
  } while (!isClosed && count < MAX_LINES && chars <= MAX_ROW_CHARS);
  return { count, isClosed };
}

function toRecord(lines: readonly Line[], delimiter: Delimiter): CsvRecord {
  const line = lines[0]?.number ?? 0;
  if (lines.some(({ isTooLong }) => isTooLong))
    return { line, fault: `the line is longer than ${MAX_ROW_CHARS} characters: expected a row` };
  const text = lines.map((one) => one.text).join('');
  const cells = parseRow(text.replace(/[\r\n]+$/, ''), delimiter, lines.length === 1);
  return cells ? { line, cells } : { line, fault: MALFORMED };
}

/** The cells of one row; undefined where they cannot be told from each other. */
function parseRow(
  text: string,
  delimiter: Delimiter,
  isLenient: boolean,
  relax_quotes = false,
): readonly string[] | undefined {
  try {
    const options = { delimiter, relax_quotes, trim: true, relax_column_count: true };
    const [cells = [], ...more] = parse(text, { ...options, record_delimiter: ['\r\n', '\n', '\r'] });
    return more.length === 0 ? cells : undefined;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quotation mark within a cell that does not begin with one, as in 5" or Ada "Countess" Lovelace, is only that.
    const isWithin = isLenient && !relax_quotes && error.code === 'INVALID_OPENING_QUOTE';
    return isWithin ? parseRow(text, delimiter, false, true) : undefined;
  }
}
