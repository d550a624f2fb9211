import { stringify } from 'csv-stringify/sync';

/** A cell that begins like this runs as a formula in a spreadsheet program. */
const FORMULA = /^'*[=+\-@\t\r\n]/;

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
