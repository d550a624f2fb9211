import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, TLSSocket } from 'node:tls';
import type { HttpHandler, HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { readAnswer } from './read-answer.ts';

/** Nothing was sent, mostly because no connection opened. */
export class NotSentError extends Error {
  override name = 'NotSentError';
  /** The code of the system error, such as `ECONNREFUSED`. `ETIMEDOUT` if no connection opened in time. */
  readonly code: string;

  constructor(code: string, cause?: Error) {
    super(`nothing was sent: ${cause?.message ?? code}`, { cause });
    this.code = code;
  }
}

/** A connection broke, or its answer did not come in time. The request may have arrived. */
export class NoAnswerError extends Error {
  /** `TimeoutError` is the name that the SDK gives. */
  override readonly name: 'TimeoutError' | 'ConnectionLostError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code === 'ETIMEDOUT' ? 'TimeoutError' : 'ConnectionLostError';
    this.code = code;
  }
}

/** The longest answer in bytes. DynamoDB returns at most 16 MB, which takes a third more in base64. */
const MAX_ANSWER_BYTES = 32_000_000;

/** At most this many requests are in flight. Others wait, as with the HTTP client of the SDK. */
export const MAX_CONNECTIONS = 50;

/** How long one attempt of a call may take, in milliseconds. */
export interface TimeLimits {
  /** Until the server accepts a new connection. The TLS handshake comes after that. */
  readonly connectionTimeout: number;
  /** Until the answer arrives, with the connection and the handshake. The wait for a turn does not count. */
  readonly requestTimeout: number;
}

export interface ConnectionOptions extends TimeLimits {
  /** A connection that was idle for longer is not used again. */
  readonly maxIdleMs: number;
}

/**
 * Creates the HTTP client of an SDK client. Each request is a POST with a text or bytes. Our services need no other kind of request. It
 * keeps its connections, and each has one request at a time. It never repeats a request.
 *
 * It fails with {@link NotSentError} if nothing was sent. After any other error, the request may have arrived.
 *
 * The HTTP client of Node.js takes about a third of the CPU of the SES client. It does not say whether a failed request had a connection. It
 * also uses a connection again however long it was idle. A function that Lambda froze between two calls does not notice that the server
 * closed it.
 */
export function createConnections({ maxIdleMs, ...limits }: ConnectionOptions): HttpHandler<TimeLimits> {
  const current = { ...limits };
  const open = new Set<Socket>();
  /** The connection that answered last is at the end. */
  const idle: Connection[] = [];
  /** The last session of each server, which makes the next handshake shorter. */
  const sessions = new Map<string, Buffer>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let isDestroyed = false;

  const takeIdle = async (origin: string): Promise<Connection | undefined> => {
    for (let last = idle.pop(); last; last = idle.pop()) {
      // Without this wait, a request could go out although its server has closed the connection. Then its outcome would be unknown.
      await nextTurn();
      if (last.origin === origin && last.isUsable()) return last;
      last.close();
    }
    return undefined;
  };
  const connectTo = async (request: HttpRequest, origin: string, endsAt: number): Promise<Connection> => {
    const socket = openSocket(request, sessions.get(origin));
    const connection = toConnection(origin, socket, maxIdleMs);
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      const at = idle.indexOf(connection);
      if (at !== -1) idle.splice(at, 1);
    });
    socket.on('session', (session: Buffer) => sessions.set(origin, session));
    await connection.waitUntilOpen(current.connectionTimeout, timeLeft(endsAt));
    return connection;
  };
  const ask = async (request: HttpRequest): Promise<HttpResponse> => {
    const endsAt = performance.now() + current.requestTimeout;
    const head = toHead(request);
    const origin = `${request.protocol}//${request.hostname}:${request.port ?? ''}`;
    const known = await takeIdle(origin);
    if (isDestroyed) throw new NotSentError('ECONNABORTED');
    const connection = known ?? (await connectTo(request, origin, endsAt));
    try {
      const response = await connection.ask(head, request.body ?? '', timeLeft(endsAt));
      if (connection.isUsable()) idle.push(connection);
      return response;
    } catch (error) {
      // The server has probably closed the other idle ones too.
      if (known) while (idle.length > 0) idle.pop()?.close();
      throw error;
    }
  };

  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request) {
      if (busy < MAX_CONNECTIONS) busy += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return { response: await ask(request) };
      } finally {
        const next = waiting.shift();
        if (next) next();
        else busy -= 1;
      }
    },
    destroy() {
      isDestroyed = true;
      for (const socket of open) socket.destroy();
    },
    httpHandlerConfigs: () => current,
    updateHttpClientConfig(name, value) {
      current[name] = value;
    },
  };
}

/** Waits until Node.js has read all that arrived before. The inner callback runs in the next turn of the event loop. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Milliseconds until a time of `performance.now()`. */
function timeLeft(endsAt: number): number {
  return Math.max(0, endsAt - performance.now());
}

/** One connection to a server. */
interface Connection {
  readonly origin: string;
  /**
   * @param acceptMs until the server accepts the connection
   * @param openMs until the TLS handshake is done
   * @throws NotSentError
   */
  waitUntilOpen(acceptMs: number, openMs: number): Promise<void>;
  /** Whether another request can go out over it. */
  isUsable(): boolean;
  /** Sends a request, and returns its answer. */
  ask(head: string, body: Uint8Array | string, timeoutMs: number): Promise<HttpResponse>;
  close(): void;
}

function toConnection(origin: string, socket: Socket, maxIdleMs: number): Connection {
  /** The bytes of the answer so far. The buffer may have room for more. */
  let buffer = NOTHING;
  let size = 0;
  let answeredAt = Date.now();
  /** Ends the request that has no answer yet. */
  let settle: ((result: HttpResponse | Error) => void) | undefined;

  const append = (bytes: Buffer) => {
    if (size === 0) buffer = bytes;
    else if (size + bytes.byteLength <= buffer.byteLength) bytes.copy(buffer, size);
    else buffer = Buffer.concat([buffer.subarray(0, size), bytes], 2 * (size + bytes.byteLength));
    size += bytes.byteLength;
  };
  const fail = (code: string, message: string) => settle?.(new NoAnswerError(code, message));
  const read = (isEnded: boolean) => {
    try {
      const answer = readAnswer(buffer.subarray(0, size), isEnded);
      if (!answer) return;
      // If the answer comes before the whole request went out, the server does not read the rest.
      if (!answer.isKept || socket.writableLength > 0) socket.destroy();
      settle?.(answer.response);
    } catch (error) {
      settle?.(error as Error);
    }
  };

  socket.on('data', (bytes) => {
    append(bytes);
    if (!settle) socket.destroy();
    else if (size > MAX_ANSWER_BYTES) fail('EMSGSIZE', `the answer has more than ${MAX_ANSWER_BYTES} bytes`);
    else read(false);
  });
  socket.on('error', ({ message, code = 'ECONNRESET' }: NodeJS.ErrnoException) => fail(code, message));
  socket.on('end', () => {
    read(true);
    socket.destroy();
  });
  socket.on('close', () => fail('ECONNRESET', 'the connection closed before the answer was complete'));

  return {
    origin,
    waitUntilOpen: (acceptMs, openMs) =>
      new Promise((resolve, reject) => {
        // After the connection opened, this has no effect.
        const end = (code: string, cause?: Error) => {
          clearTimeout(accepting);
          clearTimeout(opening);
          socket.destroy();
          reject(new NotSentError(code, cause));
        };
        const accepting = setTimeout(() => end('ETIMEDOUT'), acceptMs);
        const opening = setTimeout(() => end('ETIMEDOUT'), openMs);
        socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.name, error));
        socket.once('close', () => end('ECONNRESET'));
        socket.once('connect', () => clearTimeout(accepting));
        socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
          clearTimeout(opening);
          resolve();
        });
      }),
    // A clock that was set back counts as well.
    isUsable: () => socket.readyState === 'open' && Math.abs(Date.now() - answeredAt) <= maxIdleMs,
    ask: (head, body, timeoutMs) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new NotSentError('ECONNRESET'));
        const timer = setTimeout(() => fail('ETIMEDOUT', 'no answer came in time'), timeoutMs);
        settle = (result) => {
          settle = undefined;
          clearTimeout(timer);
          buffer = NOTHING;
          size = 0;
          answeredAt = Date.now();
          // A process may end while its connections are idle.
          socket.unref();
          if (!(result instanceof Error)) return resolve(result);
          socket.destroy();
          reject(result);
        };
        socket.ref();
        socket.cork();
        socket.write(head, 'latin1');
        socket.write(body);
        socket.uncork();
      }),
    close: () => socket.destroy(),
  };
}

const NOTHING: Buffer = Buffer.alloc(0);

const PRINTABLE = /^[ -~]*$/;

/** @throws NotSentError if a header could end its line, and begin another one */
function toHead({ method, path, headers }: HttpRequest): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (!PRINTABLE.test(value))
      throw new NotSentError('ERR_INVALID_CHAR', new Error(`the header ${name} is not printable ASCII`));
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}

function openSocket({ protocol, hostname, port }: HttpRequest, session: Buffer | undefined): Socket {
  const isSecure = protocol === 'https:';
  const socket = isSecure
    ? connectSecurely({
        host: hostname,
        port: port ?? 443,
        ALPNProtocols: ['http/1.1'],
        session,
        ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      })
    : connect({ host: hostname, port: port ?? 80 });
  return socket.setNoDelay(true);
}
