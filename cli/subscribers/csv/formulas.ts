/** What a spreadsheet program takes for a formula, or drops before it looks for one. */
const FORMULA = /^'*[=+\-@\t\r\n]/;

/**
 * A cell that no spreadsheet program runs as a formula: one that looks like it gets an apostrophe in front, and so does one that
 * has apostrophes there already, so that {@link unescapeFormula} gives every text back as it was.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function escapeFormula(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** The text that {@link escapeFormula} was given. */
export function unescapeFormula(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}
