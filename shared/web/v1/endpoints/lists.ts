import * as z from '../../../domain/zod.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { listSchema, statusSchema } from '../paper-schemas.ts';

/** Names and calendars of lists are loaded with the first request for them, because most requests are for papers. */
const loadViews = () => import('../list-views.ts');

/** The endpoints about the lists. They need no token. */
export const listEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    method: 'GET',
    path: '/v1/lists',
    operationId: 'listLists',
    summary: 'Get the lists',
    needsToken: false,
    answer: { status: 200, description: 'The lists that readers can follow.', schema: z.array(listSchema) },
    async handle(ports) {
      return { status: 200, body: await (await loadViews()).viewLists(ports) };
    },
  }),
  defineEndpoint({
    method: 'GET',
    path: '/v1/status',
    operationId: 'getStatus',
    summary: 'Get the status of the lists',
    needsToken: false,
    answer: {
      status: 200,
      description: 'Whether the lists can be read at the moment.',
      schema: statusSchema,
    },
    async handle(ports) {
      return { status: 200, body: await (await loadViews()).viewStatus(ports) };
    },
  }),
];
