import type { ListId } from '../domain/lists/lists.ts';
import { oncePerKey } from '../domain/once.ts';
import { addDays, type Day, earliestOf, type Instant, latestOf, utcDayOf } from '../domain/time/time.ts';
import { tryParseQueryCached } from '../matching/query/parse-query-cached.ts';
import { conditionsOf, QueryError } from '../matching/query/query.ts';
import { openWindow, type Window } from '../matching/window.ts';
import type { ListDayPapers } from '../snapshots/list-day.ts';
import type { ListDayCache } from './snapshots/list-day-cache.ts';

export interface WindowPorts {
  readonly listDays: ListDayCache;
}

/** The papers that followers of the lists can be sent. */
export interface WindowView {
  /** It may have papers of other lists too. So pass the lists when you select. */
  readonly window: Window;
  /** When the earliest paper of the lists was first seen. Undefined if there are none. */
  readonly firstSeenAt: Instant | undefined;
  /** Papers that came on a list after this time are not here. It is the newest `asOf` of the list-days. Undefined if there are no papers. */
  readonly asOf: Instant | undefined;
  /** The parts of the window, oldest first. */
  readonly listDays: readonly ListDayPapers[];
}

/** The papers of the last days. It loads the papers of each list once, so their votes stay as they were then. */
export interface PaperWindow {
  /** The days that it covers, both included. */
  readonly days: { readonly first: Day; readonly last: Day };
  /** @param lastDays how many of its last days to look at. @default all */
  view(lists: readonly ListId[], lastDays?: number): Promise<WindowView>;
}

interface Sharing {
  /** Lists that share one window. A view of only these lists uses it. Any other view opens a window of its own. @default none */
  readonly together?: Iterable<ListId>;
  /** Papers that were loaded at this time or later are used again without a read. @default each call looks for changes */
  readonly freshSince?: Instant | undefined;
}

/** What a view shows: the papers that lists had on a day or later. */
interface Scope {
  readonly firstDay: Day;
  /** Each once, sorted. */
  readonly lists: readonly ListId[];
}

type Times = Pick<WindowView, 'firstSeenAt' | 'asOf'>;

/** Opens the window from `lookBackDays` days before the day of `now` to that day. */
export function openPaperWindow(
  ports: WindowPorts,
  lookBackDays: number,
  now: Instant,
  { together = [], freshSince }: Sharing = {},
): PaperWindow {
  const today = utcDayOf(now);
  const first = addDays(today, -lookBackDays);
  const shared = new Set([...together].sort());

  const loadDays = oncePerKey((list: ListId) => ports.listDays.load(list, first, today, freshSince));

  /** Loads the list-days since a day, oldest first. A window takes the text of a paper from the last one. */
  const loadParts = async (firstDay: Day, lists: Iterable<ListId>): Promise<readonly ListDayPapers[]> => {
    const loaded = (await Promise.all([...lists].map(loadDays))).flat();
    const parts = loaded.filter(({ day }) => day >= firstDay);
    return parts.sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
  };

  /** Returns `firstSeenAt` and `asOf` of the papers that lists had on a day or later. */
  const findTimes = oncePerKey(async ({ firstDay, lists }: Scope): Promise<Times> => {
    const parts = await loadParts(firstDay, lists);
    return {
      firstSeenAt: earliestOf(parts.flatMap(({ papers }) => papers.map((paper) => paper.firstSeenAt))),
      asOf: latestOf(parts.map(({ asOf }) => asOf)),
    };
  }, keyOf);

  const openShared = oncePerKey(async (firstDay: Day) => openOnce(await loadParts(firstDay, shared)));

  const view = oncePerKey(async ({ firstDay, lists }: Scope): Promise<WindowView> => {
    const isShared = lists.every((list) => shared.has(list));
    const times = await Promise.all(lists.map((list) => findTimes({ firstDay, lists: [list] })));
    return {
      ...(isShared ? await openShared(firstDay) : open(await loadParts(firstDay, lists))),
      firstSeenAt: earliestOf(times.map(({ firstSeenAt }) => firstSeenAt)),
      asOf: latestOf(times.map(({ asOf }) => asOf)),
    };
  }, keyOf);

  return {
    days: { first, last: today },
    view: (lists, lastDays = lookBackDays + 1) =>
      view({ firstDay: addDays(today, 1 - lastDays), lists: [...new Set(lists)].sort() }),
  };
}

/**
 * Returns the lists of a subscription, and those that its query names. `list:` finds no paper of a list that is not loaded.
 *
 * @param readHere the lists that the deployment reads. A query may name dozens of others, and each would take a read for each day
 */
export function listsToLoad(
  { lists, query }: { readonly lists: readonly ListId[]; readonly query: string },
  readHere: readonly ListId[],
): readonly ListId[] {
  const node = tryParseQueryCached(query);
  if (node instanceof QueryError) return lists;
  const named = conditionsOf(node).flatMap((condition) => (condition.kind === 'list' ? condition.value : []));
  return [...lists, ...named.filter((list) => readHere.includes(list))];
}

type OpenedWindow = Pick<WindowView, 'window' | 'listDays'>;

function open(listDays: readonly ListDayPapers[]): OpenedWindow {
  return { window: openWindow(listDays), listDays };
}

/** Shared windows by their newest list-day. If no list-day has changed, a warm container uses the window again for the next batch. */
const opened = new WeakMap<ListDayPapers, OpenedWindow>();

/** Opens a window. The same list-days give the same window, with what it remembers of queries. */
function openOnce(listDays: readonly ListDayPapers[]): OpenedWindow {
  const last = listDays.at(-1);
  const known = last && opened.get(last);
  if (
    known?.listDays.length === listDays.length &&
    known.listDays.every((listDay, at) => listDay === listDays[at])
  )
    return known;
  const fresh = open(listDays);
  if (last) opened.set(last, fresh);
  return fresh;
}

function keyOf({ firstDay, lists }: Scope): string {
  return [firstDay, ...lists].join(',');
}
