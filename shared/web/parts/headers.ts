import type { MiddlewareHandler } from 'hono';
import type { Publication } from '../../presentation/publication.ts';
import { toScriptSource } from './time-zone-script.tsx';

/** The pages that are the same for everybody. Any other page may hold a token, or what belongs to one reader. */
const PUBLIC_PAGE =
  /^\/(?:(?:papers|authors|organisations|keywords|about)\/.+|papers|search|status|about|sign-up|privacy|docs(?:\/subscribers)?)?\/?$/;

/** What browsers may do with an answer. */
const SECURE_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

interface HeaderOptions {
  /** Whether pages of other sites may show the answer, such as an image. @default false */
  readonly isEmbeddable?: boolean;
}

/**
 * Sets the headers of pages. They allow one script, which guesses the time zone. Pages load nothing from other sites and cannot be framed.
 * They send no referrer, which would contain a link's token. A public page has no token, and sends one to our own site only. Otherwise
 * an older browser would not say where the form of a banner was. Caches do not keep pages, because another reader may use the same machine.
 * Search engines list only public pages without parameters.
 */
export function pageHeaders(
  { publicUrl }: Pick<Publication, 'publicUrl'>,
  { isEmbeddable = false }: HeaderOptions = {},
): MiddlewareHandler {
  // No `Headers`, which would load the HTTP client of Node.js at a start.
  const headers = Object.entries({
    ...SECURE_HEADERS,
    'content-security-policy': [
      "default-src 'none'",
      `script-src ${toScriptSource()}`,
      "style-src 'unsafe-inline'",
      // The icon.
      "img-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-resource-policy': isEmbeddable ? 'cross-origin' : 'same-origin',
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
  });
  return async (c, next) => {
    await next();
    for (const [name, value] of headers) c.res.headers.set(name, value);
    const isPublic = PUBLIC_PAGE.test(c.req.path);
    if (isPublic) c.header('referrer-policy', 'same-origin');
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    // A cache takes the headers of a 304 for the page that it has.
    const isFound = c.res.status === 200 || c.res.status === 304;
    const isListed = isFound && isPublic && !c.req.url.includes('?');
    if (!isListed) c.header('x-robots-tag', 'noindex');
  };
}
