/**
 * Returns a path with query parameters: `/search?q=agents&sort=date`. A parameter that is undefined or empty is left out.
 *
 * @param readable characters to write as they are, because a query may have them. @default none, so all are escaped
 */
export function withParams(
  path: string,
  params: Readonly<Record<string, string | undefined>>,
  readable = '',
): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => Boolean(entry[1]));
  let query = new URLSearchParams(given).toString();
  for (const character of readable) query = query.replaceAll(encodeURIComponent(character), character);
  return query === '' ? path : `${path}?${query}`;
}
