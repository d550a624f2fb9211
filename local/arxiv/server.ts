import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';

export interface ArxivServerOptions {
  /** Answers each request, such as {@link createArxiv}'s `fetch`. A rejection breaks the connection. */
  readonly fetch: typeof fetch;
  /** The address to listen on. @default '127.0.0.1', which only this machine can reach */
  readonly host?: string;
  /** @default 0, any free port */
  readonly port?: number;
}

/** A server that is listening. */
export interface ArxivServer {
  /** The address of all its services, without a path: `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Stops listening and drops every open connection. */
  close(): Promise<void>;
}

/**
 * Starts a server with the feeds, the OAI-PMH and the query API of arXiv.
 *
 * @throws Error if the port is in use (`EADDRINUSE`)
 */
export async function startArxivServer(options: ArxivServerOptions): Promise<ArxivServer> {
  const { host = '127.0.0.1', port = 0 } = options;
  const server = createServer(
    getRequestListener(async (request, { outgoing }) => {
      try {
        return await options.fetch(request.url);
      } catch {
        outgoing.destroy();
        return new Response(null, { status: 500 });
      }
    }),
  );
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`not a port: ${address}`);
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
