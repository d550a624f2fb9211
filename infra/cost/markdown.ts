/** A table of Markdown; columns named with a colon behind are aligned to the right. */
export function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = columns.map((column) => column.replace(/:$/, ''));
  const marks = columns.map((column) => (column.endsWith(':') ? '---:' : '---'));
  return [names, marks, ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

/** US dollars with as many digits as tell something: `0.39 $`, `0.0026 $`, `0`. */
export function dollars(usd: number): string {
  if (usd === 0) return '0';
  return usd >= 0.01 ? `${usd.toFixed(2)} $` : `${Number(usd.toPrecision(1)).toFixed(digitsOf(usd))} $`;
}

/** A quantity as a reader takes it in: `1,971,000`, `0.012`. */
export function quantity(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: value < 1 ? 2 : 10, maximumFractionDigits: 1 });
}

function digitsOf(usd: number): number {
  return usd < 0.00001 ? 8 : Math.max(2, 1 - Math.floor(Math.log10(usd)) - 1);
}
