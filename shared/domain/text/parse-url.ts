/**
 * Parses a text as a URL. Undefined if it is not one.
 *
 * `URL.canParse` cannot be used for this. On Node 20 and 22 it refuses texts with letters such as `ü` after some thousand
 * calls, when V8 has compiled its caller.
 *
 * @param base the URL that a relative one is resolved against
 * @see https://github.com/AikidoSec/firewall-node/pull/1086
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_URL') throw error;
    return undefined;
  }
}
