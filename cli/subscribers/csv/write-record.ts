import { stringify } from 'csv-stringify/sync';
import { escapeFormula } from './formulas.ts';

/**
 * A row of a CSV file, in quotation marks but for cells that are blank, without formulas, and with its break.
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
