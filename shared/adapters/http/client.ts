import { setTimeout as wait } from 'node:timers/promises';
import type { HttpAnswer, HttpClient } from '../../ports/http.ts';
import { HttpError } from '../../ports/http.ts';
import { type Attempt, type AttemptPolicy, attemptGet } from './attempt.ts';

const FIRST_BACK_OFF_MS = 1_000;

export interface HttpClientOptions {
  /** Names the deployment and how to reach its operator: `Broadsheet/0.1 (+https://papers.example.org)`. */
  readonly userAgent: string;
  /** The only hosts that are ever asked, with the port where it is not the usual one: `huggingface.co`. */
  readonly allowedHosts: readonly string[];
  /** For one request, from the connection to the last byte. @default 20000 */
  readonly timeoutMs?: number;
  /** Longest body, behind any compression. @default 16 MiB */
  readonly maxBytes?: number;
  /** How often a request is sent in all before its failure is final. @default 4 */
  readonly attempts?: number;
  /** A server that asks for a longer wait than this is given up at once. @default 60000 */
  readonly longestWaitMs?: number;
  /** Waits; ends early and without an error when the signal fires. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** A number from 0 to below 1. */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
}

/**
 * The one way in which Broadsheet reads from outside: GET only, from allowed hosts only, within limits of time and size.
 *
 * 429, 5xx, broken connections and time-outs are tried again after a back-off of 1, 2, 4 … seconds, of which up to a half
 * is left to chance, or after the wait that the server asks for where that is longer. Every other status is an answer.
 * At most three redirects are followed.
 *
 * @throws TypeError for a User-Agent that no header can hold
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const {
    attempts = 4,
    longestWaitMs = 60_000,
    sleep = (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
    random = Math.random,
  } = options;
  const policy: AttemptPolicy = {
    headers: new Headers({ 'user-agent': options.userAgent }),
    allowedHosts: options.allowedHosts,
    timeoutMs: options.timeoutMs ?? 20_000,
    maxBytes: options.maxBytes ?? 16 * 1024 * 1024,
    fetch: options.fetch ?? fetch,
    now: options.now ?? Date.now,
  };

  return {
    async fetchText(url: URL, signal?: AbortSignal): Promise<HttpAnswer> {
      for (let attempt = 1; ; attempt++) {
        const outcome = await attemptGet(url, policy, signal);
        if (outcome.kind === 'answered') return outcome.answer;
        if (attempt >= attempts)
          throw giveUp(url, outcome, `after ${attempt} attempt${attempt === 1 ? '' : 's'}`);

        const { askedWaitMs = 0 } = outcome;
        if (askedWaitMs > longestWaitMs) {
          const waits = `${askedWaitMs / 1000} s, longer than the ${longestWaitMs / 1000} s allowed`;
          throw giveUp(url, outcome, `and the server asks for a wait of ${waits}`);
        }
        const backOffMs = FIRST_BACK_OFF_MS * 2 ** (attempt - 1) * (1 - random() / 2);
        await sleep(Math.max(askedWaitMs, backOffMs), signal);
      }
    },
  };
}

/** The final error of a request: what its last attempt said, and why there is no other. */
function giveUp(url: URL, { error }: Extract<Attempt, { kind: 'failed' }>, why: string): HttpError {
  return new HttpError(`${error.what}, ${why}`, {
    url,
    status: error.status,
    received: error.received,
    cause: error.cause,
  });
}
