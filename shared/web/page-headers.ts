import type { MiddlewareHandler } from 'hono';
import { every } from 'hono/combine';
import { secureHeaders } from 'hono/secure-headers';
import type { Publication } from '../mail/publication.ts';

/**
 * Headers of pages without scripts: nothing is loaded from elsewhere, nobody frames them, a link's token stays here, and
 * nothing is kept in a cache that the next reader of the same machine could see.
 */
export function pageHeaders({ publicUrl }: Pick<Publication, 'publicUrl'>): MiddlewareHandler {
  return every(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
    }),
    async (c, next) => {
      await next();
      if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    },
  );
}
