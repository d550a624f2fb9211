import { parseUrl } from '../domain/parse-url.ts';

const MAX_URL_CHARS = 2_000;

/**
 * The address of a web page as a browser would read it, with line breaks inside and spaces around taken out, or undefined
 * where there is none: another scheme than http or https, a user's name in it, more than 2,000 characters.
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
  const oneLine = text.replace(/\s*[\r\n]\s*/g, '');
  const url = parseUrl(oneLine);
  if (!url) return undefined;
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const isUsable = isWeb && !url.username && !url.password && url.href.length <= MAX_URL_CHARS;
  return isUsable ? url : undefined;
}
