import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { HttpHandler, HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { TimeLimits } from '../client-options.ts';
import { readAnswer } from './read-answer.ts';

/** No connection opened, so nothing was sent. */
export class NotConnectedError extends Error {
  override name = 'NotConnectedError';
  /** The code of the system error, such as `ECONNREFUSED`. `ETIMEDOUT` if no connection opened in time. */
  readonly code: string;

  constructor(code: string, cause?: Error) {
    super(`no connection opened: ${cause?.message ?? code}`, { cause });
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

/**
 * A connection that was idle for longer is not used again. A server closes idle connections, and a function that Lambda froze between two
 * calls does not notice. Nobody knows whether a mail on a closed connection went out.
 */
const MAX_IDLE_MS = 4_000;

/** An answer of SES has less than a kilobyte. */
const MAX_ANSWER_BYTES = 1_000_000;

/**
 * Creates the HTTP client of an SDK client for the query protocol, whose requests are forms. It keeps its connections, and each has one
 * request at a time. It never repeats a request.
 *
 * It fails with {@link NotConnectedError} if nothing was sent. After any other error, the request may have arrived.
 *
 * The HTTP client of Node.js takes as much CPU for a mail as the rest of the SES client. It also uses connections that Lambda froze, and does
 * not say whether a failed request had a connection.
 */
export function createConnections(limits: TimeLimits): HttpHandler<TimeLimits> {
  const current = { ...limits };
  const open = new Set<Connection>();
  /** The connection that answered last is at the end. */
  const idle: Connection[] = [];

  const takeIdle = (origin: string): Connection | undefined => {
    for (let last = idle.pop(); last; last = idle.pop()) {
      if (last.origin === origin && last.isUsable()) return last;
      last.close();
    }
    return undefined;
  };
  const connectTo = async (request: HttpRequest, origin: string): Promise<Connection> => {
    const socket = await openSocket(request, current.connectionTimeout);
    const connection = toConnection(origin, socket, () => open.delete(connection));
    open.add(connection);
    return connection;
  };

  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request) {
      const head = toHead(request);
      const origin = `${request.protocol}//${request.hostname}:${request.port ?? ''}`;
      const connection = takeIdle(origin) ?? (await connectTo(request, origin));
      const response = await connection.ask(head, request.body, current.requestTimeout);
      if (connection.isUsable()) idle.push(connection);
      return { response };
    },
    destroy() {
      for (const connection of open) connection.close();
    },
    httpHandlerConfigs: () => current,
    updateHttpClientConfig(name, value) {
      current[name] = value;
    },
  };
}

/** One connection to a server. */
interface Connection {
  readonly origin: string;
  /** Whether another request can go out over it. */
  isUsable(): boolean;
  /** Sends a request, and returns its answer. */
  ask(head: string, body: Uint8Array | string, timeoutMs: number): Promise<HttpResponse>;
  close(): void;
}

function toConnection(origin: string, socket: Socket, onClose: () => void): Connection {
  let received = NOTHING;
  let answeredAt = Date.now();
  /** Ends the request that has no answer yet. */
  let settle: ((result: HttpResponse | Error) => void) | undefined;

  const read = (isClosed: boolean) => {
    try {
      const answer = readAnswer(received, isClosed);
      if (answer) {
        // If the answer comes before the whole request went out, the server does not read the rest.
        if (!answer.isKept || socket.writableLength > 0) socket.destroy();
        settle?.(answer.response);
      } else if (isClosed) {
        settle?.(new NoAnswerError('ECONNRESET', 'the connection closed before the answer was complete'));
      }
    } catch (error) {
      settle?.(error as Error);
    }
  };

  socket.on('data', (bytes) => {
    received = received.byteLength === 0 ? bytes : Buffer.concat([received, bytes]);
    if (settle && received.byteLength <= MAX_ANSWER_BYTES) read(false);
    else socket.destroy();
  });
  socket.on('error', ({ message, code = 'ECONNRESET' }: NodeJS.ErrnoException) =>
    settle?.(new NoAnswerError(code, message)),
  );
  socket.on('close', () => {
    read(true);
    onClose();
  });

  return {
    origin,
    // A clock that was set back counts as well.
    isUsable: () => !socket.destroyed && Math.abs(Date.now() - answeredAt) <= MAX_IDLE_MS,
    ask: (head, body, timeoutMs) =>
      new Promise((resolve, reject) => {
        const isLate = () => settle?.(new NoAnswerError('ETIMEDOUT', `no answer within ${timeoutMs} ms`));
        const timer = setTimeout(isLate, timeoutMs);
        settle = (result) => {
          settle = undefined;
          clearTimeout(timer);
          received = NOTHING;
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

/** @throws Error if a header could end its line, and begin another one */
function toHead({ method, path, headers }: HttpRequest): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (!PRINTABLE.test(value))
      throw new Error(`the header ${name} of a request to SES is not printable ASCII`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}

/** @throws NotConnectedError */
function openSocket({ protocol, hostname, port }: HttpRequest, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const isSecure = protocol === 'https:';
    const socket = isSecure
      ? connectSecurely({
          ...{ host: hostname, port: port ?? 443, ALPNProtocols: ['http/1.1'] },
          ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
        })
      : connect({ host: hostname, port: port ?? 80 });
    const fail = (code: string, cause?: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new NotConnectedError(code, cause));
    };
    const timer = setTimeout(() => fail('ETIMEDOUT'), timeoutMs);
    const onError = (error: NodeJS.ErrnoException) => fail(error.code ?? error.name, error);
    socket.on('error', onError);
    socket.setNoDelay(true);
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      resolve(socket);
    });
  });
}
