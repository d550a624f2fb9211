import { setTimeout as wait } from 'node:timers/promises';
import type { HttpAnswer, HttpClient, Validators } from '../../ports/http.ts';
import { HttpError } from '../../ports/http.ts';
import { type Attempt, type AttemptPolicy, attemptGet } from './attempt.ts';
import { attemptWithinRate, type RateLimit } from './rate-limit.ts';

const FIRST_BACK_OFF_MS = 1_000;

export interface HttpClientOptions {
  /** Names the deployment and how to reach its operator: `Broadsheet/0.1 (+https://papers.example.org)`. */
  readonly userAgent: string;
  /** The only hosts that requests may go to, with any unusual port: `huggingface.co`. */
  readonly allowedHosts: readonly string[];
  /** The time limit of one request, from the connection to the last byte. @default 20000 */
  readonly timeoutMs?: number;
  /** The size limit of a body after decompression. @default 16 MiB */
  readonly maxBytes?: number;
  /** The number of attempts before a failure is final. @default 4 */
  readonly attempts?: number;
  /** The request fails if a server asks for a longer wait than this. @default 60000 */
  readonly longestWaitMs?: number;
  /** Spaces the requests of everything that runs in the deployment. @default no limit: each client asks when it likes */
  readonly rateLimit?: RateLimit | undefined;
  /** Waits. Ends early, without an error, when the signal fires. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** A number from 0 to below 1. */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
}

/**
 * Returns the client that reads from outside: GET only, from allowed hosts only, within limits of time and size.
 *
 * The client retries after 429, 5xx, a broken connection or a time-out. It backs off for 1, 2, 4 … seconds, minus up to half at
 * random. If the server asks for a longer wait, it waits that long. Every other status is an answer. It follows at most three
 * redirects. With a rate limit, each request waits for its turn.
 *
 * Written by hand, see `docs/adr/0029-libraries.md`.
 *
 * @throws TypeError if the User-Agent cannot be a header
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const {
    attempts = 4,
    longestWaitMs = 60_000,
    sleep = (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
    random = Math.random,
  } = options;
  const userAgent = new Headers({ 'user-agent': options.userAgent });
  const policyFor = (known: Validators): AttemptPolicy => ({
    headers: withValidators(userAgent, known),
    allowedHosts: options.allowedHosts,
    timeoutMs: options.timeoutMs ?? 20_000,
    maxBytes: options.maxBytes ?? 16 * 1024 * 1024,
    fetch: options.fetch ?? fetch,
    now: options.now ?? Date.now,
  });
  const { rateLimit } = options;
  const attempt = (url: URL, policy: AttemptPolicy, signal?: AbortSignal) =>
    rateLimit
      ? attemptWithinRate(url, { ...rateLimit, policy, sleep, random, longestWaitMs }, signal)
      : attemptGet(url, policy, signal);

  return {
    async fetchText(url: URL, signal?: AbortSignal, known: Validators = {}): Promise<HttpAnswer> {
      const policy = policyFor(known);
      for (let count = 1; ; count++) {
        const outcome = await attempt(url, policy, signal);
        if (outcome.kind === 'answered') return outcome.answer;
        if (count >= attempts) throw giveUp(url, outcome, `after ${count} attempt${count === 1 ? '' : 's'}`);

        const { askedWaitMs = 0 } = outcome;
        if (askedWaitMs > longestWaitMs) {
          const waits = `${askedWaitMs / 1000} s, longer than the ${longestWaitMs / 1000} s allowed`;
          throw giveUp(url, outcome, `and the server asks for a wait of ${waits}`);
        }
        const backOffMs = FIRST_BACK_OFF_MS * 2 ** (count - 1) * (1 - random() / 2);
        await sleep(Math.max(askedWaitMs, backOffMs), signal);
      }
    },
  };
}

function withValidators(headers: Headers, { etag, lastModified }: Validators): Headers {
  const conditional = new Headers(headers);
  if (etag !== undefined) conditional.set('if-none-match', etag);
  if (lastModified !== undefined) conditional.set('if-modified-since', lastModified);
  return conditional;
}

/** The final error of a request: the error of its last attempt, and why there is no other attempt. */
function giveUp(url: URL, { error }: Extract<Attempt, { kind: 'failed' }>, why: string): HttpError {
  return new HttpError(`${error.what}, ${why}`, {
    url,
    status: error.status,
    received: error.received,
    cause: error.cause,
  });
}
