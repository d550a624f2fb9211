import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { LOOPBACK } from '../emulators/loopback.ts';

/** A server on a port. Before `answerWith`, it answers every request with 503 and `Retry-After`. */
export interface Listening {
  readonly port: number;
  answerWith(listener: RequestListener): void;
  /** Refuses new connections and closes open ones. */
  close(): void;
}

/** Starting takes a few seconds. */
const RETRY_AFTER_SEC = 2;

/**
 * Listens on a loopback port. 0 takes any free port.
 *
 * @throws InvalidInputError if the port is in use or needs special rights
 */
export async function listenOn(port: number): Promise<Listening> {
  let listener: RequestListener = (_request, response) => {
    response
      .writeHead(503, {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        'retry-after': String(RETRY_AFTER_SEC),
      })
      .end('Broadsheet is starting. Try again in a few seconds.\n');
  };
  const server = createServer((request, response) => listener(request, response));
  try {
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
  } catch (error) {
    throw toPortError(port, error);
  }
  return {
    port: (server.address() as AddressInfo).port,
    answerWith(ready) {
      listener = ready;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function toPortError(port: number, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const other = port === 65_535 ? 4310 : port + 1;
    return new InvalidInputError(`Port ${port} is in use. Choose another one, such as --port ${other}.`, {
      cause: error,
    });
  }
  if (code === 'EACCES') {
    return new InvalidInputError(
      `You are not allowed to use port ${port}. Choose one above 1023, such as --port 4310.`,
      {
        cause: error,
      },
    );
  }
  return error;
}
