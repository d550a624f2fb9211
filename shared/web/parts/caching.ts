import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { addDays, type Day } from '../../domain/time/time.ts';

/**
 * How long caches keep a public answer. Browsers obey `max-age`, shared caches such as CloudFront `s-maxage`. Afterwards they ask
 * again with the `ETag`. A shared cache may answer with the old page while it asks, or while the pages fail.
 *
 * - `current`: changes whenever a list is read: today, trending, search, feeds
 * - `past`: days, weeks and months that are over, whose votes hardly move: see {@link cachingOfDay}
 * - `image`: a drawing of what hardly changes
 * - `static`: changes with a new version only
 * - `private`: belongs to one reader, such as a private feed. Shared caches never keep it
 */
const CACHE_CONTROL = {
  current: 'public, max-age=60, s-maxage=300, stale-while-revalidate=600, stale-if-error=86400',
  past: 'public, max-age=3600, s-maxage=86400, stale-while-revalidate=604800, stale-if-error=604800',
  image: 'public, max-age=86400, s-maxage=604800, stale-while-revalidate=604800, stale-if-error=604800',
  static: 'public, max-age=3600, s-maxage=86400, stale-while-revalidate=86400, stale-if-error=604800',
  private: 'private, max-age=300',
} as const;

export type Caching = keyof typeof CACHE_CONTROL;

/** After this many days the votes of a listed paper hardly change. */
const SETTLED_AFTER_DAYS = 7;

/** Returns how long to cache a page whose newest papers were listed on `day`. */
export function cachingOfDay(day: Day, today: Day): 'current' | 'past' {
  return day < addDays(today, -SETTLED_AFTER_DAYS) ? 'past' : 'current';
}

/** Returns the `Cache-Control` header of a kind of answer. */
export function cacheControlOf(caching: Caching): string {
  return CACHE_CONTROL[caching];
}

/**
 * Lets caches keep the answer of this request. Without it, no cache keeps an answer. The body must be the same for everyone
 * until its papers change. A time of day or a fresh stamp in it would give every answer another `ETag`.
 */
export function allowCaching(c: Context, caching: Caching): void {
  c.header('cache-control', cacheControlOf(caching));
}

/** Only compares tags. {@link toWeakTag} makes them, because Web Crypto hashes in another thread, which takes longer. */
const compareTags = etag({
  // Without the last two, a browser refuses a 304 to a script of another site.
  retainedHeaders: [
    ...RETAINED_304_HEADERS,
    ...['access-control-allow-origin', 'access-control-expose-headers'],
  ],
});

/** The answers that caches may keep: pages, redirects such as that of `/papers` to the newest day, and unknown URLs. */
const CACHED_STATUSES: ReadonlySet<number> = new Set([200, 301, 302, 308, 400, 404]);

/**
 * Gives the answers that {@link allowCaching} marks an `ETag` made of their content. Answers 304 if the client has the same already, by
 * `If-None-Match`. A failure is never kept, even if the page had been marked before it failed.
 */
export function conditionalAnswers(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (!isMarked(c.res)) return;
    if (!CACHED_STATUSES.has(c.res.status)) {
      c.header('cache-control', 'no-store');
      return;
    }
    if (c.res.status === 200 && !c.res.headers.has('etag'))
      c.header('etag', toWeakTag(new Uint8Array(await c.res.clone().arrayBuffer())));
    // The answer is there already, so nothing is left to run.
    await compareTags(c, async () => {});
  };
}

/** Returns the `ETag` of an answer, made of its content. Weak, because a proxy may compress the body. */
export function toWeakTag(body: Uint8Array): string {
  return `W/"${createHash('sha1').update(body).digest('hex')}"`;
}

function isMarked({ headers }: Response): boolean {
  return /^(?:public|private)\b/.test(headers.get('cache-control') ?? '');
}
