import pMap from 'p-map';
import type { ListId } from '../../domain/lists/lists.ts';
import { oncePerKey } from '../../domain/once.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import { addDays, type Day, daysFrom, type Instant, utcDayOf } from '../../domain/time/time.ts';
import { parseQueryCached } from '../../matching/query/parse-query-cached.ts';
import type { Selection } from '../../matching/window.ts';
import { listsToLoad, openPaperWindow, type WindowPorts } from '../../pipeline/paper-window.ts';
import {
  type DaysWithPapersPorts,
  loadArchivedAsEmpty,
  loadRecordedDays,
  openDaysWithPapers,
} from '../../pipeline/snapshots/days-with-papers.ts';
import { SNAPSHOT_DAYS } from '../../ports/snapshots.ts';
import type { PaperSelection } from '../../presentation/papers-path.ts';
import type { ListDayPapers } from '../../snapshots/list-day.ts';
import { CARDS_PER_PAGE } from './page-cards.ts';
import { firstDayOf } from './periods.ts';
import type { PageRequest } from './read-selection.ts';

/** The ports of the paper pages. */
export interface PaperPagePorts extends WindowPorts, DaysWithPapersPorts {
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
}

/** A page of papers. Pages count from 1. */
export interface PageOfPapers extends Selection {
  /** The lists that have papers on its days, each with the number of its papers. Not all of them match the query. */
  readonly counts: ReadonlyMap<ListId, number>;
  /** How many papers come before it. */
  readonly start: number;
  /** The papers of the pages before it, if the URL names them. */
  readonly seen: readonly PaperId[];
  readonly page: number;
  readonly pageCount: number;
}

/** Returns ports for one request, which reads the state of each source once. */
export function withStatesReadOnce<Ports extends PaperPagePorts>(ports: Ports): Ports {
  return {
    ...ports,
    sourceStates: { load: oncePerKey((source: string) => ports.sourceStates.load(source)) },
  };
}

/**
 * Returns one page of the papers of a selection, best first, chosen as digests choose theirs. If the URL names the papers of the pages
 * before, they are left out. Lists without papers on its days are not loaded. A page that a digest links to loads all lists,
 * because a digest may be sent before ingest has recorded its papers.
 */
export async function loadPapers(
  ports: PaperPagePorts,
  selection: PaperSelection,
  { page: number, seen }: PageRequest,
): Promise<PageOfPapers> {
  const { day, days, lists, query, sort, until, without = [] } = selection;
  const endOfDay = `${day}T23:59:59.999Z`;
  const now = ports.clock.now();
  const window = openPaperWindow(ports, days - 1, endOfDay < now ? endOfDay : now);
  const chosen = lists.length > 0 ? [...lists] : [...ports.lists];
  const maybeUnrecorded = until !== undefined && !isOld(ports, day);
  const followed = maybeUnrecorded ? chosen : await findListsWithPapers(ports, chosen, selection);
  const view = await window.view(listsToLoad({ lists: followed, query }, ports.lists));
  const listDays = view.listDays.filter(({ list }) => chosen.includes(list));
  const page = seen.length > 0 ? 1 + Math.ceil(seen.length / CARDS_PER_PAGE) : number;
  const offset = seen.length > 0 ? 0 : (page - 1) * CARDS_PER_PAGE;
  const later = until === undefined ? [] : await findLater(ports, listDays, until);
  const selected = view.window.select({
    query: parseQueryCached(query),
    lists: chosen,
    sort,
    excluded: [...without, ...later, ...seen],
    offset,
    limit: CARDS_PER_PAGE,
  });
  const seenCount = countSeen(selected, seen);
  return {
    ...selected,
    total: seenCount + selected.total,
    start: seenCount + offset,
    seen,
    page,
    pageCount: Math.max(1, page - 1 + Math.ceil((selected.total - offset) / CARDS_PER_PAGE)),
    counts: countPapers(chosen, listDays),
  };
}

/** Counts the matches that are left out because the pages before show them. */
function countSeen({ findWithheld }: Selection, seen: readonly PaperId[]): number {
  if (seen.length === 0) return 0;
  const isSeen = new Set(seen);
  return findWithheld().filter((id) => isSeen.has(id)).length;
}

/** Counts the papers of each list that has some, in the order of the lists. */
function countPapers(
  lists: readonly ListId[],
  listDays: readonly ListDayPapers[],
): ReadonlyMap<ListId, number> {
  const papersOf = new Map(lists.map((list) => [list, new Set<PaperId>()]));
  for (const { list, ids } of listDays) for (const id of ids) papersOf.get(list)?.add(id);
  return new Map(
    lists.map((list) => [list, papersOf.get(list)?.size ?? 0] as const).filter(([, n]) => n > 0),
  );
}

/** Returns the lists that may have papers on the days of a selection. */
async function findListsWithPapers(
  ports: PaperPagePorts,
  lists: readonly ListId[],
  selection: PaperSelection,
): Promise<readonly ListId[]> {
  const recordedOn = await loadRecordedDays(ports, lists);
  const days = daysFrom(firstDayOf(selection), selection.day);
  const maybe = lists.filter((list) => days.some((day) => recordedOn(list, day) !== 'none'));
  // Anyone can ask for any old day. Looking up each day of each list would take thousands of reads.
  if (!isOld(ports, selection.day) || !days.every(await loadArchivedAsEmpty(ports))) return maybe;
  const found = await pMap(
    maybe,
    async (list) => {
      const headers = await ports.snapshots.loadHeaders(list, firstDayOf(selection), selection.day);
      return headers.length > 0 ? [list] : [];
    },
    { concurrency: LOADS_AT_ONCE },
  );
  return found.flat();
}

/** Returns whether a day is older than those whose snapshots ingest keeps complete. */
function isOld({ clock }: Pick<PaperPagePorts, 'clock'>, day: Day): boolean {
  return day < addDays(utcDayOf(clock.now()), -SNAPSHOT_DAYS);
}

const LOADS_AT_ONCE = 16;

/**
 * Returns the papers that were on none of the lists by the time `until`. It loads no list-days that were read before then, and no
 * days that had not begun. Anyone can ask for a time long ago.
 */
async function findLater(
  { listings }: PaperPagePorts,
  listDays: readonly ListDayPapers[],
  until: Instant,
): Promise<readonly PaperId[]> {
  // Somewhere on earth it is already the next day.
  const newest = addDays(utcDayOf(until), 1);
  const early = await pMap(
    listDays,
    async ({ list, day, ids, asOf }) => {
      if (day > newest) return [];
      if (asOf !== undefined && asOf <= until) return ids;
      const listed = await listings.load(list, day);
      return listed.filter(({ firstSeenAt }) => firstSeenAt <= until).map(({ paperId }) => paperId);
    },
    { concurrency: LOADS_AT_ONCE },
  );
  const known = new Set(early.flat());
  return listDays.flatMap(({ ids }) => ids).filter((id) => !known.has(id));
}

/** The nearest days with papers before and after a selection's last day, at most a month away. */
export async function findNeighbours(
  ports: PaperPagePorts,
  { day, lists }: Pick<PaperSelection, 'day' | 'lists'>,
): Promise<{ readonly previous: Day | undefined; readonly next: Day | undefined }> {
  const days = await openDaysWithPapers(ports, lists.length > 0 ? lists : ports.lists, day);
  // One after the other, because each reads several lists at the same time.
  return { previous: await days.previous(), next: await days.next() };
}
