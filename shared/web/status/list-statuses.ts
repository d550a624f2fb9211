import { findDueTimes, type ListState, toListState } from '../../domain/list-state.ts';
import { findList, type KnownList } from '../../domain/lists.ts';
import type { Day, Instant } from '../../domain/time.ts';
import { findNewestDay, type PaperPagePorts } from '../papers/load-papers.ts';

/** What is known of one list. */
export interface ListStatus {
  readonly list: KnownList;
  readonly state: ListState;
  /** When it was last read without an error. Undefined before the first such read. */
  readonly lastReadAt: Instant | undefined;
  /** When a read last found a new paper. Undefined before the first. */
  readonly lastNewAt: Instant | undefined;
  /** The newest day with papers, at most a month ago. */
  readonly newestDay: Day | undefined;
  /** When papers were due that have not come. */
  readonly overdueSince: Instant | undefined;
  /** When papers are due next. Undefined if they come irregularly. */
  readonly nextDueAt: Instant | undefined;
}

/** Returns the status of each list that is read here and that a source provides. */
export async function loadListStatuses(ports: PaperPagePorts): Promise<readonly ListStatus[]> {
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
      return {
        list,
        state: toListState(history, list.calendar, now),
        lastReadAt: history.lastSuccessAt,
        lastNewAt: history.lastNewAt,
        newestDay: await findNewestDay(ports, [list.id]),
        overdueSince: undefined,
        nextDueAt: undefined,
        ...findDueTimes(history, list.calendar, now),
      };
    }),
  );
}

/** How all lists do together: `ok`, `late` if papers of one may be missing, `down` if no list can be read. */
export type Overall = 'ok' | 'late' | 'down';

/** Returns how all lists do together. */
export function toOverall(statuses: readonly Pick<ListStatus, 'state'>[]): Overall {
  if (statuses.length > 0 && statuses.every(({ state }) => state === 'broken')) return 'down';
  return statuses.every(({ state }) => state === 'fresh' || state === 'quiet') ? 'ok' : 'late';
}
