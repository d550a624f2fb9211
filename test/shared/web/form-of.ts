/** The fields of a page's forms with their values, as a browser would send them. */
export function formOf(html: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [, attributes = ''] of html.matchAll(/<input([^>]*)>/g)) {
    const name = /name="([^"]+)"/.exec(attributes)?.[1];
    const value = /value="([^"]*)"/.exec(attributes)?.[1] ?? '';
    // A browser does not send a box that is not ticked.
    const isUnticked = attributes.includes('type="checkbox"') && !/\bchecked\b/.test(attributes);
    if (name && !isUnticked) values[name] = value.replaceAll('&quot;', '"');
  }
  for (const [, name = '', options = ''] of html.matchAll(
    /<select[^>]*name="([^"]+)"[^>]*>(.*?)<\/select>/gs,
  )) {
    const [, attributes = '', words = ''] = /<option([^>]*selected[^>]*)>([^<]*)</.exec(options) ?? [];
    values[name] = /value="([^"]*)"/.exec(attributes)?.[1] ?? words;
  }
  return values;
}
