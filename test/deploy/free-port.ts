import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** The loopback address, which no other machine can reach. */
export const LOOPBACK = '127.0.0.1';

/** Returns a free port on loopback. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** Returns the port of a server. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}
