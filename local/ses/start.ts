import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createSesEndpoint, type SesEndpoint, type SesEndpointOptions } from './endpoint.ts';

/** An endpoint and where it listens. */
export interface SesServerOptions extends Omit<SesEndpointOptions, 'inboxPath'> {
  /** @default 0, any free port */
  readonly port?: number | undefined;
}

/** An endpoint that listens on this machine alone. */
export interface SesServer extends Pick<SesEndpoint, 'account' | 'store' | 'faults' | 'settled'> {
  /** The `endpoint` of an SDK client: `http://127.0.0.1:40123/ses`. */
  readonly url: string;
  /** The inbox in a browser: `http://127.0.0.1:40123/inbox`. */
  readonly inboxUrl: string;
  /** Breaks all connections and resolves once the port is free and all events are out. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Longer than a client on the same, busy event loop leaves a connection idle. With Node's own 5 seconds the server would close
 * it just as the client sends the next mail, and nobody could tell whether that mail was taken.
 */
const KEEP_ALIVE_MS = 600_000;

/**
 * Starts an endpoint on a server of its own, bound to the loopback address.
 *
 * @throws Error where the port is taken or the folder cannot be read
 */
export async function startSesEndpoint(options: SesServerOptions): Promise<SesServer> {
  const { routes, inbox, account, store, faults, settled } = await createSesEndpoint({
    ...options,
    inboxPath: '/inbox',
  });
  const app = new Hono({ strict: false }).route('/ses', routes).route('/inbox', inbox);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  server.listen(options.port ?? 0, HOST);
  await once(server, 'listening');
  const origin = `http://${HOST}:${toPort(server.address())}`;

  return {
    url: `${origin}/ses`,
    inboxUrl: `${origin}/inbox`,
    account,
    store,
    faults,
    settled,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await settled();
    },
  };
}

function toPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error(`not a port: ${address}`);
  return address.port;
}
