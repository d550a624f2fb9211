/** Compares two texts by their UTF-16 units, for `sort`. Instants and days sort by time. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
