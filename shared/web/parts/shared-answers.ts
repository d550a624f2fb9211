import type { Context, Hono, MiddlewareHandler } from 'hono';
import { type Clock, type Instant, msBetween, utcDayOf } from '../../domain/time/time.ts';
import { PRIVATE_FEEDS_PATH, publicRoutes } from '../public-routes.ts';
import { toWeakTag } from './caching.ts';

/** An answer that is the same for everyone. */
export interface SharedAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array<ArrayBuffer>;
  /** The body in each encoding that a client took, by its name. */
  readonly packed: Map<string, Promise<Uint8Array>>;
}

/** Browsers keep a page about today for this long, too. */
const KEPT_MS = 60_000;

/** Enough for a few hundred pages. Their compressed bodies take another third. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The memory that one answer takes besides its body. */
const OVERHEAD_BYTES = 2048;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

const answers = new WeakMap<Context, SharedAnswer>();

/** Returns the shared answer of a request. Undefined if it has its own. */
export function findSharedAnswer(c: Context): SharedAnswer | undefined {
  return answers.get(c);
}

/**
 * Adds a cache of public answers to an app. Requests for the same URL within a minute share one answer, and simultaneous requests share
 * one load. The text of a page may depend on the UTC day, so a new day begins with an empty cache. An answer that caches may not keep is
 * shared only by those who wait for it.
 *
 * @param maxBytes the most memory that all answers may take
 */
export function shareAnswers(app: Hono, { clock }: { readonly clock: Clock }, maxBytes = MAX_BYTES): void {
  const memory = createMemory(maxBytes);
  const privatePath = PRIVATE_FEEDS_PATH.slice(0, -1);

  const share: MiddlewareHandler = async (c, next) => {
    if (!METHODS.has(c.req.method) || c.req.path.startsWith(privatePath)) return next();
    const now = clock.now();
    const key = `${utcDayOf(now)} ${toPathWithParams(c.req.url)}`;
    const known = memory.find(key, now);
    if (known) {
      const answer = await known.answer;
      answers.set(c, answer);
      return toResponse(answer);
    }
    await memory.load(key, now, async () => {
      await next();
      const answer = await toAnswer(c.res);
      answers.set(c, answer);
      c.res = toResponse(answer);
      return answer;
    });
  };
  for (const { paths } of Object.values(publicRoutes)) for (const path of paths) app.use(path, share);
}

/** Returns the path and the parameters of a URL. */
function toPathWithParams(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2));
}

/** Reads a response, and computes its `ETag` once. */
async function toAnswer(response: Response): Promise<SharedAnswer> {
  const { status } = response;
  const body = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  const answer = { status, headers: [...headers], body, packed: new Map() };
  if (status === 200 && isKept(answer) && !headers.has('etag')) headers.set('etag', toWeakTag(body));
  return { ...answer, headers: [...headers] };
}

function toResponse({ status, headers, body }: SharedAnswer): Response {
  // Some statuses allow no body, not even an empty one.
  return new Response(body.length > 0 ? body : null, {
    status,
    headers: headers.map(([name, value]) => [name, value]),
  });
}

function isKept({ status, headers }: SharedAnswer): boolean {
  const caching = headers.find(([name]) => name === 'cache-control')?.[1] ?? '';
  return status < 400 && caching.startsWith('public');
}

interface Entry {
  readonly at: Instant;
  readonly answer: Promise<SharedAnswer>;
  bytes: number;
}

/** Keeps answers by their URL. Drops the oldest ones if they take too much memory. */
function createMemory(maxBytes: number) {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  const forget = (key: string, entry: Entry | undefined = entries.get(key)) => {
    if (!entry || entries.get(key) !== entry) return;
    entries.delete(key);
    bytes -= entry.bytes;
  };

  return {
    find(key: string, now: Instant): Entry | undefined {
      const known = entries.get(key);
      if (!known) return undefined;
      const ageMs = msBetween(known.at, now);
      // A clock can be set back.
      return ageMs >= 0 && ageMs < KEPT_MS ? known : undefined;
    },

    async load(key: string, at: Instant, load: () => Promise<SharedAnswer>): Promise<void> {
      forget(key);
      const answer = load();
      const entry: Entry = { at, answer, bytes: 0 };
      entries.set(key, entry);
      const loaded = await answer.catch((error: unknown) => {
        forget(key, entry);
        throw error;
      });
      if (entries.get(key) !== entry) return;
      if (!isKept(loaded)) return forget(key, entry);
      entry.bytes = loaded.body.length + 2 * key.length + OVERHEAD_BYTES;
      bytes += entry.bytes;
      for (const [oldest, { bytes: size }] of entries) {
        if (bytes <= maxBytes) break;
        // An answer that is still loading has no size yet.
        if (size > 0) forget(oldest);
      }
    },
  };
}
