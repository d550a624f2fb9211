import { Resolver } from 'node:dns/promises';
import { type Dns, DnsError, type Web, WebError, type WebRequest } from '../ports.ts';

/** The name does not exist, or has no such record. */
const NOTHING = ['ENODATA', 'ENOTFOUND'];
const DNS_TIMEOUT_MS = 5_000;

/** The name servers of this machine. */
export function createDns(
  resolver: Pick<Resolver, 'resolveTxt'> = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 2 }),
): Dns {
  return {
    async fetchTexts(name) {
      try {
        const records = await resolver.resolveTxt(name);
        // A record longer than 255 characters comes in pieces, which belong together without a space.
        return records.map((pieces) => pieces.join(''));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== undefined && NOTHING.includes(code)) return [];
        throw new DnsError(`no name server answered for ${name} (${message})`, { cause: error });
      }
    },
  };
}

export interface WebOptions {
  /** Gives up all requests. */
  readonly signal: AbortSignal;
  /** @default 10 seconds, longer than a function takes to start */
  readonly timeoutMs?: number;
  /** @default that of Node */
  readonly fetch?: (url: URL, init: RequestInit) => Promise<Response>;
}

const TIMEOUT_MS = 10_000;
const NO_NAME = ['ENOTFOUND', 'EAI_AGAIN'];
/** What Node and OpenSSL call a certificate that is not trusted, has expired or is for another name. */
const BAD_CERTIFICATE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Requests as mail programs and readers make them: no cookie, no redirect followed. */
export function createWeb({ signal, timeoutMs = TIMEOUT_MS, fetch: send = fetch }: WebOptions): Web {
  return {
    async fetch({ method, url, form }) {
      const init: RequestInit = {
        method,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        ...(form && { body: toBody(form) }),
      };
      try {
        const answer = await send(url, init);
        await answer.arrayBuffer();
        const location = answer.headers.get('location');
        return { status: answer.status, ...(location !== null && { location }) };
      } catch (error) {
        throw toWebError(error, timeoutMs);
      }
    },
  };
}

function toBody({ type, fields }: NonNullable<WebRequest['form']>): URLSearchParams | FormData {
  if (type === 'urlencoded') return new URLSearchParams(fields);
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return body;
}

/** The error of `fetch` says only that it failed. The reason is in its cause. */
function toWebError(error: unknown, timeoutMs: number): WebError {
  if (nameOf(error) === 'TimeoutError')
    return new WebError('time-out', `no answer within ${timeoutMs / 1000} seconds`, { cause: error });
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  const reason = message || code;
  const options = { cause: error };
  if (NO_NAME.includes(code)) return new WebError('name', reason, options);
  if (BAD_CERTIFICATE.test(code)) return new WebError('certificate', `${reason} (${code})`, options);
  return new WebError('connection', reason, options);
}

function nameOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : undefined;
}
