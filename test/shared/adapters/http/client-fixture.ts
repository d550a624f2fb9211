import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach } from '@jest/globals';
import { type LoopbackServer, listenOnLoopback } from '../../../../local/emulators/loopback.ts';
import { createHttpClient, type HttpClientOptions } from '../../../../shared/adapters/http/client.ts';
import { HttpError } from '../../../../shared/ports/http.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type HttpClient = ReturnType<typeof createHttpClient>;

const NOW_MS = Date.parse('2026-01-05T08:00:00.000Z');

/** A server on this machine, and clients that may ask it. */
interface Site {
  /** Where the server listens, as in `http://127.0.0.1:49152`. */
  readonly origin: string;
  /** The requests to the server, in order. */
  readonly requests: readonly IncomingMessage[];
  /** How long the clients would have waited between attempts, in order. */
  readonly waitsMs: readonly number[];
  /** How the server answers: `hello` unless a test sets it. */
  handle: Handler;
  /** An address of the server. */
  readonly at: (path: string) => URL;
  /** A client with a frozen clock that may ask the server, tries three times, and does not really wait. */
  readonly makeClient: (options?: Partial<HttpClientOptions>) => HttpClient;
}

/** Creates a site that each test of the file gets with a new server, and without requests or waits. */
export function serveEachTest(): Site {
  let server: LoopbackServer;
  let requests: IncomingMessage[];
  let waitsMs: number[];
  let handle: Handler;

  beforeEach(async () => {
    requests = [];
    waitsMs = [];
    handle = (_request, response) => response.end('hello');
    server = await listenOnLoopback((request, response) => {
      requests.push(request);
      handle(request, response);
    });
  });

  afterEach(() => server.close());

  return {
    get origin() {
      return server.url;
    },
    get requests() {
      return requests;
    },
    get waitsMs() {
      return waitsMs;
    },
    get handle() {
      return handle;
    },
    set handle(next) {
      handle = next;
    },
    at: (path) => new URL(path, server.url),
    makeClient: (options = {}) =>
      createHttpClient({
        userAgent: 'Broadsheet/0.1 (+https://papers.example.org)',
        allowedHosts: [new URL(server.url).host],
        timeoutMs: 300_000,
        maxBytes: 1_000,
        attempts: 3,
        sleep: async (ms) => waitsMs.push(ms),
        random: () => 0,
        now: () => NOW_MS,
        ...options,
      }),
  };
}

/** The error that a request ends with. */
export async function failureOf(request: Promise<unknown>): Promise<HttpError> {
  const outcome = await request.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof HttpError)) throw new Error(`expected an HttpError, got ${String(outcome)}`);
  return outcome;
}

/** A handler that gives each answer once, and the last one ever after. */
export function inTurn(...handlers: Handler[]): Handler {
  let turn = 0;
  return (request, response) => handlers[Math.min(turn++, handlers.length - 1)]?.(request, response);
}

/** A handler that answers with this. */
export const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): Handler =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

/** Begins to answer and never ends. */
export const hang: Handler = (_request, response) => {
  response.writeHead(200);
  response.write('[1,');
};
