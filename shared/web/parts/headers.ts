import type { MiddlewareHandler } from 'hono';
import { every } from 'hono/combine';
import { secureHeaders } from 'hono/secure-headers';
import type { Publication } from '../../mail/publication.ts';
import { toScriptSource } from './time-zone-script.tsx';

/** The pages that are the same for everybody. Any other page may hold a token, or what belongs to one reader. */
const PUBLIC_PAGE =
  /^\/(?:(?:papers|authors|organisations|keywords|about)\/.+|papers|search|status|about|sign-up|privacy|docs(?:\/subscribers)?)?\/?$/;

interface HeaderOptions {
  /** Whether pages of other sites may show the answer, such as an image. @default false */
  readonly isEmbeddable?: boolean;
}

/**
 * Sets the headers of pages. They allow one script, which guesses the time zone. Pages load nothing from other sites and cannot be framed.
 * They send no referrer, which would contain a link's token. Caches do not keep them, because another reader may use the same machine.
 * Search engines list only public pages without parameters.
 */
export function pageHeaders(
  { publicUrl }: Pick<Publication, 'publicUrl'>,
  { isEmbeddable = false }: HeaderOptions = {},
): MiddlewareHandler {
  return every(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: [toScriptSource()],
        styleSrc: ["'unsafe-inline'"],
        // The icon.
        imgSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      crossOriginResourcePolicy: isEmbeddable ? 'cross-origin' : 'same-origin',
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
    }),
    async (c, next) => {
      await next();
      if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
      const isListed = c.res.status === 200 && PUBLIC_PAGE.test(c.req.path) && !c.req.url.includes('?');
      if (!isListed) c.header('x-robots-tag', 'noindex');
    },
  );
}
