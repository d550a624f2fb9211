import type { ArxivCategory } from '../../domain/lists/arxiv-names.ts';
import { describeList, findCategoryOf } from '../../domain/lists/list-groups.ts';
import type { KnownList } from '../../domain/lists/lists.ts';
import type * as z from '../../domain/zod.ts';
import type { WebAppPorts } from '../ports.ts';
import { loadListStatuses, toOverall } from '../status/list-statuses.ts';
import type { listSchema, statusSchema } from './paper-schemas.ts';

/** Returns the lists that readers can follow, as the API describes them. */
export async function viewLists(ports: WebAppPorts): Promise<z.input<typeof listSchema>[]> {
  const statuses = await loadListStatuses(ports);
  return statuses.map(({ list, state, newestDay }) => ({
    ...toListView(list),
    state,
    newestDay,
  }));
}

/** Returns how reading the lists goes. */
export async function viewStatus(ports: WebAppPorts): Promise<z.input<typeof statusSchema>> {
  const statuses = await loadListStatuses(ports);
  return {
    overall: toOverall(statuses),
    lists: statuses.map(({ list: { id, name }, state, ...known }) => ({
      id,
      name,
      state,
      lastReadAt: known.lastReadAt,
      lastNewPaperAt: known.lastNewAt,
      newestDay: known.newestDay,
      overdueSince: known.overdueSince,
      nextDueAt: known.nextDueAt,
      days: known.days.flatMap(({ kind, ...day }) =>
        kind === 'none' || kind === 'unknown' ? [] : [{ ...day, state: kind }],
      ),
    })),
  };
}

function toListView(list: KnownList) {
  const { id, name, url, source, calendar } = list;
  const { timeZone, weekdays, dueHour } = calendar;
  const category = findCategoryOf(id);
  return {
    id,
    name,
    description: describeList(list),
    source,
    ...(category && toCategoryView(category)),
    url,
    calendar: { timeZone, weekdays: [...weekdays], dueHour },
  };
}

function toCategoryView({ archive, ...category }: ArxivCategory) {
  return { archive: { id: archive.id, name: archive.name }, category };
}
