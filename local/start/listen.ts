import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { LOOPBACK } from '../emulators/loopback.ts';

/** A server that holds a port and answers once it is given something to answer with. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
}

/**
 * Takes a port of this machine; 0 takes any free one.
 *
 * @throws InvalidInputError when the port is taken or may not be used
 */
export async function listenOn(port: number): Promise<Listening> {
  const server = createServer();
  try {
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
  } catch (error) {
    throw toPortError(port, error);
  }
  return { server, port: (server.address() as AddressInfo).port };
}

function toPortError(port: number, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const other = port === 65_535 ? 4310 : port + 1;
    return new InvalidInputError(
      `port ${port} is taken by another program; try npm start -- --port ${other}`,
      {
        cause: error,
      },
    );
  }
  if (code === 'EACCES') {
    return new InvalidInputError(`port ${port} may not be used by this user; try one above 1023`, {
      cause: error,
    });
  }
  return error;
}
