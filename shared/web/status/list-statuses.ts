import { type ShownDay, toShownDays } from '../../domain/lists/list-days.ts';
import {
  findDueTimes,
  type ListCondition,
  type ListState,
  toListCondition,
} from '../../domain/lists/list-state.ts';
import { findList, type KnownList, type ListId } from '../../domain/lists/lists.ts';
import type { Day, Instant } from '../../domain/time/time.ts';
import { type DaysWithPapersPorts, findNewestDay } from '../../pipeline/snapshots/days-with-papers.ts';

/** The ports of the status of the lists. */
export interface StatusPorts extends DaysWithPapersPorts {
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
}

/** The status of one list. */
export interface ListStatus {
  readonly list: KnownList;
  readonly state: ListState;
  readonly condition: ListCondition;
  /** When it was last read without an error. Undefined before the first such read. */
  readonly lastReadAt: Instant | undefined;
  /** When a read last found a new paper. Undefined before the first. */
  readonly lastNewAt: Instant | undefined;
  /** The newest day with papers. */
  readonly newestDay: Day | undefined;
  /** When papers were due that have not come. */
  readonly overdueSince: Instant | undefined;
  /** When papers are due next. Undefined if they come irregularly. */
  readonly nextDueAt: Instant | undefined;
  /** Its last thirty days, oldest first. The last one is today in the zone of the list. */
  readonly days: readonly ShownDay[];
}

/** Returns the status of each list that is read here and that a source provides. */
export async function loadListStatuses(ports: StatusPorts): Promise<readonly ListStatus[]> {
  const now = ports.clock.now();
  const lists = ports.lists.flatMap((id) => findList(id) ?? []);
  const sources = [...new Set(lists.map(({ source }) => source))];
  const loaded = await Promise.all(
    sources.map(async (source) => [source, await ports.sourceStates.load(source)] as const),
  );
  const states = new Map(loaded);
  return Promise.all(
    lists.map(async (list) => {
      const history = states.get(list.source)?.lists[list.id] ?? { failuresInARow: 0 };
      const condition = toListCondition(history, list.calendar, now);
      return {
        list,
        state: condition.state,
        condition,
        // A back-fill finds papers, but does not read the newest ones.
        lastReadAt: history.lastSuccessAt ?? history.lastNewAt,
        lastNewAt: history.lastNewAt,
        // Earlier releases did not store it.
        newestDay: history.newestDay ?? (await findNewestDay(ports, [list.id])),
        overdueSince: undefined,
        nextDueAt: undefined,
        ...findDueTimes(history, list.calendar, now),
        days: toShownDays(history, list.calendar, now),
      };
    }),
  );
}

/** The status of all lists together: `ok`, `late` if papers of a list may be missing, `down` if no list can be read. */
export type Overall = 'ok' | 'late' | 'down';

/** Returns the status of all lists together. */
export function toOverall(statuses: readonly Pick<ListStatus, 'state'>[]): Overall {
  if (statuses.length > 0 && statuses.every(({ state }) => state === 'broken')) return 'down';
  return statuses.every(isWell) ? 'ok' : 'late';
}

/** Returns whether no papers of a list are missing. */
export function isWell({ state }: Pick<ListStatus, 'state'>): boolean {
  return state === 'fresh' || state === 'quiet';
}

/** More lists than this are shown in groups. */
const MAX_SECTIONS = 5;

/** Lists of one source with the same status over the last thirty days. The first one represents them. */
export type StatusGroup = readonly [ListStatus, ...ListStatus[]];

/**
 * Returns the groups of lists that the page shows, and the lists that do not fit. A few lists are shown one by one. Of many lists, those
 * with the same status share a group. Lists with missing papers come first, then the largest groups.
 */
export function groupStatuses(statuses: readonly ListStatus[]): {
  readonly groups: readonly StatusGroup[];
  readonly others: readonly ListStatus[];
} {
  if (statuses.length <= MAX_SECTIONS) return { groups: statuses.map((status) => [status]), others: [] };
  const groups = new Map<string, [ListStatus, ...ListStatus[]]>();
  for (const status of statuses) {
    const { list, condition, days } = status;
    const key = JSON.stringify([list.source, condition, days.map(({ kind }) => kind)]);
    const group = groups.get(key);
    if (group) group.push(status);
    else groups.set(key, [status]);
  }
  const sorted = [...groups.values()].sort(
    (a, b) => Number(isWell(a[0])) - Number(isWell(b[0])) || b.length - a.length,
  );
  return { groups: sorted.slice(0, MAX_SECTIONS), others: sorted.slice(MAX_SECTIONS).flat() };
}
