const DELIMITERS = [',', ';', '\t'] as const;

export type Delimiter = (typeof DELIMITERS)[number];

/** What stands between the cells: the sign that the line with the names of the columns has most of, outside of quotes. */
export function findDelimiter(firstLine: string): Delimiter {
  const unquoted = firstLine.replaceAll(/"[^"]*"/g, '');
  const countOf = (sign: string) => unquoted.split(sign).length;
  return DELIMITERS.reduce((best, sign) => (countOf(sign) > countOf(best) ? sign : best));
}
