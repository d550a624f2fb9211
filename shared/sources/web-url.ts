import { parseUrl } from '../domain/text/parse-url.ts';

const MAX_URL_CHARS = 2_000;

/**
 * Returns the address of a web page as a browser reads it, without line breaks and surrounding spaces. Undefined if the scheme is
 * not http or https, if it has a user name, or if it has more than 2,000 characters.
 *
 * `" https://example.org/a"` becomes `https://example.org/a`.
 */
export function toWebUrl(text: string): string | undefined {
  return readWebUrl(text)?.href;
}

/**
 * The address of a repository, so that the same one is always written the same way: without `.git` and slashes at the
 * end. A bare host is none. Folders such as `/tree/main` stay.
 */
export function toRepositoryUrl(text: string): string | undefined {
  const url = readWebUrl(text);
  if (!url) return undefined;
  url.pathname = url.pathname.replace(/(\.git)?\/*$/, '');
  return url.pathname === '/' ? undefined : url.href;
}

function readWebUrl(text: string): URL | undefined {
  // Line breaks and spaces around them do not count, but a long run of them would take long to find.
  if (text.length > 2 * MAX_URL_CHARS) return undefined;
  const oneLine = text.replace(/\s*[\r\n]\s*/g, '');
  const url = parseUrl(oneLine);
  if (!url) return undefined;
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const isUsable = isWeb && !url.username && !url.password && url.href.length <= MAX_URL_CHARS;
  return isUsable ? url : undefined;
}
