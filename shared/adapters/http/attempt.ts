import { parseUrl } from '../../domain/text/parse-url.ts';
import { type HttpAnswer, HttpError, type Validators } from '../../ports/http.ts';

const MAX_REDIRECTS = 3;
const REDIRECT_STATUSES = [301, 302, 303, 307, 308];

/** The limits that every single request keeps. */
export interface AttemptPolicy {
  readonly headers: Headers;
  /** Hosts as `URL.host` writes them, with a port that is not the usual one: `huggingface.co`, `127.0.0.1:8080`. */
  readonly allowedHosts: readonly string[];
  /** The time limit from the connection to the last byte, redirects included. */
  readonly timeoutMs: number;
  /** The size limit of the body after decompression. */
  readonly maxBytes: number;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called before each request, also before one that a redirect asks for. @default does nothing */
  readonly beforeRequest?: (signal: AbortSignal) => Promise<void>;
}

/** The result of one request: an answer, or an error after which a retry may succeed. */
export type Attempt =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | { readonly kind: 'failed'; readonly error: HttpError; readonly askedWaitMs?: number | undefined };

/**
 * Sends one GET request and reads the whole answer. 429, 5xx, a broken connection and a time-out can be retried.
 *
 * @throws HttpError if a retry would not help: a forbidden host, too long an answer, too many redirects, or a request that the caller
 *   stopped
 */
export async function attemptGet(url: URL, policy: AttemptPolicy, signal?: AbortSignal): Promise<Attempt> {
  const limit = startTimeLimit(policy.timeoutMs, signal);
  const progress: Progress = { text: '' };
  const fail = (what: string, cause?: unknown) =>
    new HttpError(what, {
      url,
      cause,
      status: progress.status,
      received: progress.status === 200 ? progress.text : undefined,
    });

  try {
    const response = await fetchAllowed(url, policy, limit.signal);
    progress.status = response.status;
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel();
      const askedWaitMs = toAskedWaitMs(response.status, response.headers, policy.now());
      return { kind: 'failed', error: fail(`HTTP ${response.status}`), askedWaitMs };
    }
    const isWhole = await readBody(response, policy.maxBytes, progress);
    if (!isWhole) throw fail(`the answer is longer than ${policy.maxBytes} bytes`);
    const { status, headers } = response;
    return { kind: 'answered', answer: { status, body: progress.text, validators: validatorsOf(headers) } };
  } catch (error) {
    if (signal?.aborted) throw fail('stopped by the caller', error);
    if (limit.isOver()) {
      return { kind: 'failed', error: fail(`no whole answer within ${policy.timeoutMs} ms`, error) };
    }
    if (isConnectionError(error)) return { kind: 'failed', error: fail(describe(error), error) };
    throw error;
  } finally {
    limit.clear();
  }
}

/** Longer ones are left out, because they are stored with the state of the source. */
const MAX_VALIDATOR_CHARS = 200;

function validatorsOf(headers: Headers): Validators | undefined {
  const [etag, lastModified] = ['etag', 'last-modified'].map((name) => {
    const value = headers.get(name) ?? '';
    return value === '' || value.length > MAX_VALIDATOR_CHARS ? undefined : value;
  });
  return etag === undefined && lastModified === undefined ? undefined : { etag, lastModified };
}

interface Progress {
  status?: number;
  text: string;
}

/** Follows redirects among the allowed hosts, and never from https to http. */
async function fetchAllowed(start: URL, policy: AttemptPolicy, signal: AbortSignal): Promise<Response> {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    if (!policy.allowedHosts.includes(url.host)) {
      const way = redirects > 0 ? `redirected to ${url.host}, which is` : `the host ${url.host} is`;
      throw new HttpError(`${way} not among the allowed hosts: ${policy.allowedHosts.join(', ')}`, {
        url: start,
      });
    }
    if (start.protocol === 'https:' && url.protocol !== 'https:') {
      throw new HttpError(`redirected from https to ${url.protocol}//${url.host}`, { url: start });
    }
    await policy.beforeRequest?.(signal);
    const response = await policy.fetch(url, { headers: policy.headers, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (!location || !REDIRECT_STATUSES.includes(response.status)) return response;
    await response.body?.cancel();
    const target = parseUrl(location, url.href);
    if (!target) {
      throw new HttpError('redirected to an address that cannot be read', {
        url: start,
        status: response.status,
      });
    }
    url = target;
  }
  throw new HttpError(`more than ${MAX_REDIRECTS} redirects`, { url: start });
}

/** Adds the body to `progress` chunk by chunk. Returns false and stops reading if the body is longer than allowed. */
async function readBody(response: Response, maxBytes: number, progress: Progress): Promise<boolean> {
  const contentType = response.headers.get('content-type') ?? '';
  let decoder: ReturnType<typeof decoderOf> | undefined;
  let start: Uint8Array = new Uint8Array();
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return false;
    if (decoder && start.length >= SNIFFED_BYTES) progress.text += decoder.decode(chunk, { stream: true });
    else {
      // More bytes of the start may name another charset.
      start = Buffer.concat([start, chunk]);
      decoder = decoderOf(contentType, start);
      progress.text = decoder.decode(start, { stream: true });
    }
  }
  progress.text += decoder?.decode() ?? '';
  return true;
}

/** The charset of an answer stands in its first bytes. */
const SNIFFED_BYTES = 200;

/**
 * Returns a decoder for the charset of the byte order mark, or else the one that an answer names, or else its XML declaration. UTF-8 for
 * none, and for one that is unknown.
 *
 * @see https://encoding.spec.whatwg.org/#bom-sniff
 */
function decoderOf(contentType: string, start: Uint8Array) {
  const mark = BYTE_ORDER_MARKS.find(({ bytes }) => bytes.every((byte, at) => start[at] === byte));
  if (mark) return new TextDecoder(mark.charset);
  const declaration = Buffer.from(start.subarray(0, SNIFFED_BYTES)).toString('latin1');
  const [, charset = 'utf-8'] =
    /;\s*charset="?([\w.:-]+)/i.exec(contentType) ??
    /^\s*<\?xml[^>]*\sencoding=["']([\w.:-]+)/i.exec(declaration) ??
    [];
  try {
    return new TextDecoder(charset);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_NOT_SUPPORTED') throw error;
    return new TextDecoder();
  }
}

const BYTE_ORDER_MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], charset: 'utf-8' },
  { bytes: [0xff, 0xfe], charset: 'utf-16le' },
  { bytes: [0xfe, 0xff], charset: 'utf-16be' },
] as const;

/**
 * Whether the network failed. `fetch` then throws a TypeError.
 *
 * @see https://fetch.spec.whatwg.org/#concept-network-error
 */
function isConnectionError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';
}

/** Returns `the connection failed (ECONNRESET)`, with the code of the cause if it has one. */
function describe({ cause }: Error): string {
  const hasCode = typeof cause === 'object' && cause !== null && 'code' in cause;
  return `the connection failed${hasCode ? ` (${cause.code})` : ''}`;
}

const MS_PER_SECOND = 1000;

/**
 * Returns the wait in milliseconds that an answer asks for. The longest wait counts. Undefined if no header asks, or none can be read.
 *
 * - `Retry-After` is in seconds (`120`) or an HTTP date. A past date means 0. A proxy may join several: `120, 120`.
 * - `RateLimit: "api";r=0;t=55` of a 429 means that the next window starts in 55 seconds.
 *
 * @param nowMs the current time in milliseconds since 1970
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 * @see https://huggingface.co/docs/hub/rate-limits
 */
function toAskedWaitMs(status: number, headers: Headers, nowMs: number): number | undefined {
  const waits = [
    ...(headers.get('retry-after') ?? '')
      .split(BETWEEN_WAITS)
      .map((value) => retryAfterMs(value.trim(), nowMs)),
    ...(status === 429 ? rateLimitsMs(headers.get('ratelimit') ?? '') : []),
  ].filter((wait) => wait !== undefined);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** A comma, but not the one in `Mon, 05 Jan 2026 08:00:09 GMT` or `Monday, 05-Jan-26 08:00:09 GMT`. */
const BETWEEN_WAITS = /(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*),/;

function retryAfterMs(value: string, nowMs: number): number | undefined {
  if (/^\d+$/.test(value)) return Number(value) * MS_PER_SECOND;
  // Date.parse reads "-5" or "1.5" as a year. An HTTP date begins with a weekday. Its oldest form names no time zone, and is in GMT.
  const atMs = /^[A-Z][a-z]/.test(value) ? Date.parse(value.replace(/(?<! GMT)$/, ' GMT')) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

function rateLimitsMs(value: string): readonly number[] {
  return [...value.matchAll(/;\s*t=(\d+)/g)].map(([, seconds]) => Number(seconds) * MS_PER_SECOND);
}

/** A signal that fires when the time is over or when the caller's signal fires. */
interface TimeLimit {
  readonly signal: AbortSignal;
  /** Whether the time is over. */
  isOver(): boolean;
  /** Stops the timer. Call it when the work is done. */
  clear(): void;
}

/**
 * Starts a time limit. `AbortSignal.any` over `AbortSignal.timeout` does not work here: Node may collect that signal before it
 * fires.
 *
 * @see https://github.com/nodejs/node/issues/57736
 */
function startTimeLimit(timeoutMs: number, outer?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    controller.abort();
  }, timeoutMs);
  const stop = () => controller.abort(outer?.reason);
  outer?.addEventListener('abort', stop, { once: true });
  if (outer?.aborted) stop();

  return {
    signal: controller.signal,
    isOver: () => over,
    clear: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}
