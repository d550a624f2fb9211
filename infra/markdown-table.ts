/** Returns a Markdown table. A column whose name ends with a colon is aligned to the right. */
export function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = columns.map((column) => column.replace(/:$/, ''));
  const marks = columns.map((column) => (column.endsWith(':') ? '---:' : '---'));
  return [names, marks, ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
