import type { ListCondition } from '../domain/list-state.ts';
import { findList, type ListId, type SourceName } from '../domain/lists.ts';
import { addDays, type Day, type Instant, utcDayOf } from '../domain/time.ts';
import { RANK_RULES } from '../matching/rank.ts';
import { openWindow, type Window } from '../matching/window.ts';
import type { SourceStateRepository } from '../ports/papers.ts';
import type { ListDayPapers } from '../snapshots/list-day.ts';
import type { FindLate } from './late-papers.ts';
import type { ListDays } from './snapshots/list-days.ts';

export interface WindowPorts {
  /** The lists that the deployment reads. */
  readonly lists: readonly ListId[];
  readonly listDays: ListDays;
  readonly sourceStates: Pick<SourceStateRepository, 'load'>;
}

/** The papers that followers of some lists can be sent. */
interface WindowView {
  readonly window: Window;
  /** Loads the conditions of the lists at the time of the window. Pages do not show them. A list that is no longer read has none. */
  readonly loadListConditions: () => Promise<ReadonlyMap<ListId, ListCondition>>;
  /** When the earliest of the papers was first seen. Undefined if there are none. */
  readonly firstSeenAt: Instant | undefined;
  /** When the newest of the papers were read. A paper that came on a list later is not among them. Undefined if there are none. */
  readonly knownAt: Instant | undefined;
  /** Returns a function that finds the papers that an earlier digest should have had. Pages do not mark them. */
  readonly loadFindLate: () => Promise<FindLate>;
  /** Its parts, oldest first. */
  readonly listDays: readonly ListDayPapers[];
}

/** The papers of the last days. It loads the papers of each list once, so their votes stay as they were then. */
export interface PaperWindow {
  /** The days that it covers, both included. */
  readonly days: { readonly first: Day; readonly last: Day };
  /** @param lastDays how many of its last days to look at. @default all */
  view(lists: readonly ListId[], lastDays?: number): Promise<WindowView>;
}

/** The code that judges lists by their calendars. Only digests need it, so pages do not load it. It is loaded once, and in order. */
let judges: ReturnType<typeof importJudges> | undefined;

async function importJudges() {
  const { toListCondition } = await import('../domain/list-state.ts');
  const { createFindLate } = await import('./late-papers.ts');
  return { toListCondition, createFindLate };
}

function loadJudges() {
  judges ??= importJudges();
  return judges;
}

/** Opens the window from `lookBackDays` days before the day of `now` to that day. */
export function openPaperWindow(ports: WindowPorts, lookBackDays: number, now: Instant): PaperWindow {
  const today = utcDayOf(now);
  const first = addDays(today, -lookBackDays);

  const loadDays = once((list: ListId) => ports.listDays.load(list, first, today));
  const loadHistories = once((source: SourceName) => ports.sourceStates.load(source));
  const loadCondition = once(async (list: ListId): Promise<ListCondition | undefined> => {
    const known = ports.lists.includes(list) ? findList(list) : undefined;
    if (!known) return undefined;
    // Calendars compute with time zones, which takes a library that pages do without.
    const { toListCondition } = await loadJudges();
    const histories = await loadHistories(known.source);
    return toListCondition(histories?.lists[list] ?? { failuresInARow: 0 }, known.calendar, now);
  });

  const view = once(async (key: string): Promise<WindowView> => {
    const [firstDay = first, ...lists] = key.split(',');
    const loaded = (await Promise.all(lists.map(loadDays))).flat();
    const listDays = loaded.filter(({ day }) => day >= firstDay);
    // The window takes the text of a paper from its last part, which has to be of its newest day.
    const oldestFirst = listDays.sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
    const window = openWindow(oldestFirst, RANK_RULES);
    return {
      window,
      async loadListConditions() {
        const found = await Promise.all(
          lists.map(async (list) => [list, await loadCondition(list)] as const),
        );
        return new Map(found.flatMap(([list, condition]) => (condition ? [[list, condition] as const] : [])));
      },
      firstSeenAt: window.papers.map((paper) => paper.firstSeenAt).sort()[0],
      knownAt: listDays
        .flatMap(({ knownAt = [] }) => knownAt)
        .sort()
        .at(-1),
      loadFindLate: async () => (await loadJudges()).createFindLate(oldestFirst, now),
      listDays: oldestFirst,
    };
  });

  return {
    days: { first, last: today },
    view(lists, lastDays = lookBackDays + 1) {
      const firstDay = addDays(today, 1 - lastDays);
      return view([firstDay, ...[...new Set(lists)].sort()].join(','));
    },
  };
}

/** Returns a function that loads the value of each key once. It loads again after a failure. */
function once<Key extends string, Value>(load: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const loaded = new Map<Key, Promise<Value>>();
  return (key) => {
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const loading = load(key);
    loaded.set(key, loading);
    loading.catch(() => loaded.delete(key));
    return loading;
  };
}
