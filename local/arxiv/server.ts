import { getRequestListener } from '@hono/node-server';
import { type LoopbackServer, listenOnLoopback } from '../emulators/loopback.ts';

/**
 * Starts a server with the feeds, the OAI-PMH and the query API of arXiv.
 *
 * @param model answers each request. A rejection breaks the connection
 */
export function startArxivServer(model: { readonly fetch: typeof fetch }): Promise<LoopbackServer> {
  return listenOnLoopback(
    getRequestListener(async (request, { outgoing }) => {
      try {
        return await model.fetch(request.url);
      } catch {
        outgoing.destroy();
        return new Response(null, { status: 500 });
      }
    }),
  );
}
