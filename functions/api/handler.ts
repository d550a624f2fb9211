import { createWebHandler } from '../../shared/adapters/lambda/web-handler.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { type Edge, NO_EDGE } from '../../shared/web/parts/client-address.ts';
import type { WebAppPorts } from '../../shared/web/ports.ts';

/** Returns the handler of the pages and the HTTP API. Every request goes to the web app. */
export function createApiHandler(
  ports: WebAppPorts,
  edge: Edge = NO_EDGE,
): ReturnType<typeof createWebHandler> {
  return createWebHandler(createWebApp(ports), edge);
}
