import { type ListState, toListState } from '../domain/list-state.ts';
import { findList, type ListId, type SourceName } from '../domain/lists.ts';
import { addDays, type Day, daysFrom, type Instant, utcDayOf } from '../domain/time.ts';
import type { WindowPart } from '../matching/combine-parts.ts';
import { buildDayIndex } from '../matching/day-index.ts';
import { openDay } from '../matching/open-day.ts';
import { RANK_RULES } from '../matching/rank.ts';
import { openWindow, type Window } from '../matching/window.ts';
import type { ListingRepository, PaperRepository, SourceStateRepository } from '../ports/papers.ts';

export interface WindowPorts {
  readonly papers: PaperRepository;
  readonly listings: ListingRepository;
  readonly sourceStates: SourceStateRepository;
}

/** The papers that followers of some lists can be sent, and the states of these lists. */
interface WindowView {
  readonly window: Window;
  readonly listStates: ReadonlyMap<ListId, ListState>;
  /** When the earliest of the papers was first seen. Undefined if there are none. */
  readonly firstSeenAt: Instant | undefined;
}

/** The papers of the last days. It reads the tables once, and indexes the papers of each list and day once. */
export interface PaperWindow {
  /** The days that it covers, both included. */
  readonly days: { readonly first: Day; readonly last: Day };
  /** @param lastDays how many of its last days to look at. @default all */
  view(lists: readonly ListId[], lastDays?: number): Promise<WindowView>;
}

/** Opens the window from `lookBackDays` days before the day of `now` to that day. */
export function openPaperWindow(ports: WindowPorts, lookBackDays: number, now: Instant): PaperWindow {
  const today = utcDayOf(now);
  const first = addDays(today, -lookBackDays);
  const days = daysFrom(first, today);

  /** The papers of a list, a part for each day, oldest first. */
  const loadParts = once(async (list: ListId): Promise<readonly WindowPart[]> => {
    const listings = await Promise.all(days.map((day) => ports.listings.load(list, day)));
    const ids = listings.map((ofDay) => new Set(ofDay.map(({ paperId }) => paperId)));
    const papers = await ports.papers.loadMany([...new Set(ids.flatMap((ofDay) => [...ofDay]))]);
    return ids.map((ofDay) => {
      const listed = papers.filter(({ id }) => ofDay.has(id));
      return { list, index: openDay(buildDayIndex(listed)), papers: listed };
    });
  });
  const loadHistories = once((source: SourceName) => ports.sourceStates.load(source));
  const loadState = once(async (list: ListId): Promise<ListState> => {
    const known = findList(list);
    // No source provides the list any more.
    if (!known) return 'broken';
    const histories = await loadHistories(known.source);
    return toListState(histories?.lists[list] ?? { failuresInARow: 0 }, known.calendar, now);
  });

  const view = once(async (key: string): Promise<WindowView> => {
    const [lastDays, ...lists] = key.split(',') as [string, ...ListId[]];
    const loaded = await Promise.all(lists.map(loadParts));
    const parts = loaded.flatMap((ofList) => ofList.slice(-Number(lastDays)));
    const states = await Promise.all(lists.map(async (list) => [list, await loadState(list)] as const));
    const window = openWindow(parts, RANK_RULES);
    return {
      window,
      listStates: new Map(states),
      firstSeenAt: window.papers.map((paper) => paper.firstSeenAt).sort()[0],
    };
  });

  return {
    days: { first, last: today },
    view: (lists, lastDays = days.length) => view([lastDays, ...[...new Set(lists)].sort()].join(',')),
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
