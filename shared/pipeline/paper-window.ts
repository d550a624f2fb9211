import type { ListId } from '../domain/lists.ts';
import { addDays, type Day, type Instant, utcDayOf } from '../domain/time.ts';
import { RANK_RULES } from '../matching/rank.ts';
import { openWindow, type Window } from '../matching/window.ts';
import type { ListDayPapers } from '../snapshots/list-day.ts';
import { once } from './once.ts';
import type { ListDays } from './snapshots/list-days.ts';

export interface WindowPorts {
  readonly listDays: ListDays;
}

/** The papers that followers of some lists can be sent. */
interface WindowView {
  readonly window: Window;
  /** When the earliest of the papers was first seen. Undefined if there are none. */
  readonly firstSeenAt: Instant | undefined;
  /** When the newest of the papers were read. A paper that came on a list later is not among them. Undefined if there are none. */
  readonly knownAt: Instant | undefined;
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

/** Opens the window from `lookBackDays` days before the day of `now` to that day. */
export function openPaperWindow(ports: WindowPorts, lookBackDays: number, now: Instant): PaperWindow {
  const today = utcDayOf(now);
  const first = addDays(today, -lookBackDays);

  const loadDays = once((list: ListId) => ports.listDays.load(list, first, today));

  const view = once(async (key: string): Promise<WindowView> => {
    const [firstDay = first, ...lists] = key.split(',');
    const loaded = (await Promise.all(lists.map(loadDays))).flat();
    const listDays = loaded.filter(({ day }) => day >= firstDay);
    // The window takes the text of a paper from its last part, which has to be of its newest day.
    const oldestFirst = listDays.sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
    const window = openWindow(oldestFirst, RANK_RULES);
    return {
      window,
      firstSeenAt: window.papers.map((paper) => paper.firstSeenAt).sort()[0],
      knownAt: listDays
        .flatMap(({ knownAt = [] }) => knownAt)
        .sort()
        .at(-1),
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
