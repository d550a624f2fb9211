import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { UnavailableError } from '../../domain/errors.ts';
import type { Timer } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import type { OpenSearchTarget } from './target.ts';

export interface OpenSearchClientOptions extends OpenSearchTarget {
  /** The credentials of an SDK client, which renews them. */
  readonly credentials: ConstructorParameters<typeof SignatureV4>[0]['credentials'];
  readonly timer: Timer;
  /** How long one attempt may take. A reader waits for a search. @default 5000 */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** OpenSearch refused a request. A retry would not help. */
export class OpenSearchError extends Error {
  override readonly name = 'OpenSearchError';
  readonly status: number;
  /** Such as `index_not_found_exception`. */
  readonly type: string | undefined;

  constructor(what: string, status: number, type: string | undefined, reason: string | undefined) {
    super(`${what}: HTTP ${status}${type === undefined ? '' : `, ${type}`}${reason ? `: ${reason}` : ''}`);
    this.status = status;
    this.type = type;
  }
}

/** Sends signed requests to one index. */
export interface OpenSearchClient {
  readonly index: string;
  /**
   * Sends a request, and returns the answer's JSON. A body that is a list is sent as lines of JSON.
   *
   * @param path below the endpoint: `/papers/_search`
   * @throws OpenSearchError if it is refused
   * @throws UnavailableError if no attempt was answered
   */
  send(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<unknown>;
}

const ATTEMPTS = 3;
const FIRST_BACK_OFF_MS = 200;
const TIMEOUT_MS = 5_000;

/** Too many requests, or a node that is temporarily unavailable. */
const MAY_PASS = [429, 502, 503, 504];

const errorSchema = z.object({
  error: z.optional(z.object({ type: z.optional(z.string()), reason: z.optional(z.string()) })),
});

/** Creates a client that signs with SigV4, and that retries transient failures. */
export function createOpenSearchClient(options: OpenSearchClientOptions): OpenSearchClient {
  const { endpoint, service, region, credentials, timer, timeoutMs = TIMEOUT_MS } = options;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: true });
  const request = options.fetch ?? fetch;

  const attempt = async (method: string, path: string, body: string | undefined, type: string) => {
    const url = new URL(path, endpoint);
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      ...(url.port !== '' && { port: Number(url.port) }),
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...(body !== undefined && { 'content-type': type }) },
      body,
    });
    const { host, ...headers } = signed.headers;
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await request(url, { method, headers, signal, ...(body !== undefined && { body }) });
    return { status: answer.status, text: await answer.text() };
  };

  return {
    index: options.index,

    async send(method, path, body) {
      const isList = Array.isArray(body);
      const text = isList ? `${body.map((line) => JSON.stringify(line)).join('\n')}\n` : JSON.stringify(body);
      const type = isList ? 'application/x-ndjson' : 'application/json';
      const what = `${method} ${path}`;
      for (let nth = 1; ; nth += 1) {
        const answer = await attempt(method, path, body && text, type).catch((cause: unknown) => {
          if (!isOutage(cause)) throw cause;
          return { status: 0, text: '', cause };
        });
        if (answer.status >= 200 && answer.status < 300) return JSON.parse(answer.text || 'null');
        const isFinal = !MAY_PASS.includes(answer.status) && answer.status !== 0;
        if (isFinal) {
          const { error } = errorSchema.safeParse(tryParse(answer.text)).data ?? {};
          throw new OpenSearchError(what, answer.status, error?.type, error?.reason);
        }
        if (nth === ATTEMPTS) {
          const last = answer.status === 0 ? 'no answer' : `HTTP ${answer.status}`;
          const cause = 'cause' in answer ? { cause: answer.cause } : {};
          throw new UnavailableError(`OpenSearch: ${what}: ${last} in ${ATTEMPTS} attempts`, cause);
        }
        await timer.wait(FIRST_BACK_OFF_MS * 2 ** (nth - 1));
      }
    },
  };
}

/** Returns whether the connection failed or timed out. The error may come from another realm, so `instanceof` does not work. */
function isOutage(error: unknown): boolean {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
  return name === 'TypeError' || name === 'TimeoutError' || name === 'AbortError';
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
