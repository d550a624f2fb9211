import type { Hono } from 'hono';
import type { WebAppPorts } from '../ports.ts';
import type { EndpointGroup } from './endpoint.ts';
import { listEndpoints } from './endpoints/lists.ts';
import { paperEndpoints } from './endpoints/papers.ts';
import { createApiRoutes } from './routes.ts';

/** The operations that read papers, in the order of the reference. */
export const paperGroups: readonly EndpointGroup[] = [
  {
    name: 'Papers',
    description: 'Anyone may read papers, from any site. Answers have an `ETag`, and caches may keep them.',
    endpoints: paperEndpoints,
  },
  {
    name: 'Lists',
    description: 'The lists that readers can follow, and whether they can be read at the moment.',
    endpoints: listEndpoints,
  },
];

/** The operations that read papers, as routes. */
export function createPaperApi(ports: WebAppPorts): Hono {
  return createApiRoutes(ports, paperGroups);
}
