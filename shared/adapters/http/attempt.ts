import { parseUrl } from '../../domain/parse-url.ts';
import type { HttpAnswer } from '../../ports/http.ts';
import { HttpError } from '../../ports/http.ts';
import { toAskedWaitMs } from './retry-wait.ts';
import { startTimeLimit } from './time-limit.ts';

const MAX_REDIRECTS = 3;
const REDIRECT_STATUSES = [301, 302, 303, 307, 308];

/** The limits that every single request keeps. */
export interface AttemptPolicy {
  readonly headers: Headers;
  /** Hosts as `URL.host` writes them, with a port that is not the usual one: `huggingface.co`, `127.0.0.1:8080`. */
  readonly allowedHosts: readonly string[];
  /** For everything from the connection to the last byte, redirects included. */
  readonly timeoutMs: number;
  /** Of the body as it is read, behind any compression. */
  readonly maxBytes: number;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How one request ended: with an answer, or with an error that another try may mend. */
export type Attempt =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | { readonly kind: 'failed'; readonly error: HttpError; readonly askedWaitMs?: number | undefined };

/**
 * Sends one GET request and reads its answer whole. 429, 5xx, a broken connection and an answer that takes too long are
 * worth another try.
 *
 * @throws HttpError for what another try would not mend: a host that is not allowed, an answer that is too long, too
 * many redirects, the caller's signal
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
    return { kind: 'answered', answer: { status: response.status, body: progress.text } };
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

/** Adds the body to `progress` as it comes; false where it is longer than allowed, and then the rest is not read. */
async function readBody(response: Response, maxBytes: number, progress: Progress): Promise<boolean> {
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return false;
    progress.text += decoder.decode(chunk, { stream: true });
  }
  progress.text += decoder.decode();
  return true;
}

/**
 * Whether `fetch` says that the network failed: a TypeError, as the standard has it.
 *
 * @see https://fetch.spec.whatwg.org/#concept-network-error
 */
function isConnectionError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';
}

/** `the connection failed (ECONNRESET)`, with the code of the error below where there is one. */
function describe({ cause }: Error): string {
  const hasCode = typeof cause === 'object' && cause !== null && 'code' in cause;
  return `the connection failed${hasCode ? ` (${cause.code})` : ''}`;
}
