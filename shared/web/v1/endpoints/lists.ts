import * as z from 'zod';
import { describeList, findCategoryOf } from '../../../domain/list-groups.ts';
import type { KnownList } from '../../../domain/lists.ts';
import { loadListStatuses, toOverall } from '../../status/list-statuses.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { listSchema, statusSchema } from '../paper-schemas.ts';

function toListView(list: KnownList) {
  const { id, name, url, source, calendar } = list;
  const { timeZone, weekdays, dueHour } = calendar;
  const { archive, ...category } = findCategoryOf(id) ?? {};
  return {
    ...{ id, name, description: describeList(list), source },
    ...(archive && { archive: { id: archive.id, name: archive.name }, category }),
    ...(url !== undefined && { url }),
    calendar: { timeZone, weekdays, dueHour },
  };
}

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
      const statuses = await loadListStatuses(ports);
      return {
        status: 200,
        body: statuses.map(({ list, state, newestDay }) => ({
          ...toListView(list),
          state,
          ...(newestDay !== undefined && { newestDay }),
        })),
      };
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
      const statuses = await loadListStatuses(ports);
      return {
        status: 200,
        body: {
          overall: toOverall(statuses),
          lists: statuses.map(({ list: { id, name }, state, ...known }) => ({
            ...{ id, name, state },
            ...(known.lastReadAt !== undefined && { lastReadAt: known.lastReadAt }),
            ...(known.lastNewAt !== undefined && { lastNewPaperAt: known.lastNewAt }),
            ...(known.newestDay !== undefined && { newestDay: known.newestDay }),
            ...(known.overdueSince !== undefined && { overdueSince: known.overdueSince }),
            ...(known.nextDueAt !== undefined && { nextDueAt: known.nextDueAt }),
          })),
        },
      };
    },
  }),
];
