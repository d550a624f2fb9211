import { type ListState, toListState } from '../domain/list-state.ts';
import type { Listing } from '../domain/listing.ts';
import { findList, type ListId, type SourceName } from '../domain/lists.ts';
import { indexPapers } from '../domain/match.ts';
import type { Paper, PaperId } from '../domain/paper.ts';
import type { Candidates } from '../domain/select.ts';
import { addDays, type Day, daysFrom, type Instant, utcDayOf } from '../domain/time.ts';
import { rankPapers } from '../matching/trending.ts';
import type { ListingRepository, PaperRepository, SourceStateRepository } from '../ports/papers.ts';

export interface WindowPorts {
  readonly papers: PaperRepository;
  readonly listings: ListingRepository;
  readonly sourceStates: SourceStateRepository;
}

/** The papers that followers of some lists can be sent, and the states of these lists. */
interface WindowView extends Candidates {
  readonly listStates: ReadonlyMap<ListId, ListState>;
  /** When the earliest of the papers was first seen. Undefined if there are none. */
  readonly firstSeenAt: Instant | undefined;
}

/** The papers of the last days. It reads the tables once, and indexes the papers once for each combination of lists. */
export interface PaperWindow {
  /** The days that it covers, both included. */
  readonly days: { readonly first: Day; readonly last: Day };
  view(lists: readonly ListId[]): Promise<WindowView>;
}

/** Opens the window from `lookBackDays` days before the day of `now` to that day. */
export function openPaperWindow(ports: WindowPorts, lookBackDays: number, now: Instant): PaperWindow {
  const today = utcDayOf(now);
  const first = addDays(today, -lookBackDays);
  const days = daysFrom(first, today);

  const loadListings = once(async (list: ListId) =>
    (await Promise.all(days.map((day) => ports.listings.load(list, day)))).flat(),
  );
  const loadPapers = once(async (list: ListId) =>
    ports.papers.loadMany((await loadListings(list)).map(({ paperId }) => paperId)),
  );
  const loadHistories = once((source: SourceName) => ports.sourceStates.load(source));
  const loadState = once(async (list: ListId): Promise<ListState> => {
    const known = findList(list);
    // No source provides the list any more.
    if (!known) return 'broken';
    const histories = await loadHistories(known.source);
    return toListState(histories?.lists[list] ?? { failuresInARow: 0 }, known.calendar, now);
  });

  const view = once(async (key: string): Promise<WindowView> => {
    const lists: readonly ListId[] = key.split(',');
    const listings = (await Promise.all(lists.map(loadListings))).flat();
    const papers = uniquePapers((await Promise.all(lists.map(loadPapers))).flat());
    const states = await Promise.all(lists.map(async (list) => [list, await loadState(list)] as const));
    return {
      index: indexPapers(rankPapers(papers)),
      listsByPaper: toListsByPaper(listings),
      listStates: new Map(states),
      firstSeenAt: papers.map((paper) => paper.firstSeenAt).sort()[0],
    };
  });

  return { days: { first, last: today }, view: (lists) => view([...new Set(lists)].sort().join(',')) };
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

function uniquePapers(papers: readonly Paper[]): readonly Paper[] {
  return [...new Map(papers.map((paper) => [paper.id, paper])).values()];
}

function toListsByPaper(listings: readonly Listing[]): ReadonlyMap<PaperId, ReadonlySet<ListId>> {
  const lists = new Map<PaperId, Set<ListId>>();
  for (const { paperId, list } of listings) {
    lists.set(paperId, (lists.get(paperId) ?? new Set()).add(list));
  }
  return lists;
}
