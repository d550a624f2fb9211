import type { ListId } from '../../domain/lists.ts';
import { addDays, type Clock, type Day, utcDayOf } from '../../domain/time.ts';
import { readQuery } from '../../matching/query/read-query.ts';
import type { Selection } from '../../matching/window.ts';
import { openPaperWindow, type WindowPorts } from '../../pipeline/paper-window.ts';
import type { ListingRepository } from '../../ports/papers.ts';
import { CARDS_PER_PAGE } from './page-cards.ts';
import { EARLIEST_DAY, type PaperSelection } from './paper-selection.ts';

/** The ports of the paper pages. */
export interface PaperPagePorts extends WindowPorts {
  readonly listings: Pick<ListingRepository, 'load'>;
  readonly clock: Clock;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
}

/** Lists pause for a few days at a time. A longer gap is the end of what was collected. */
const MAX_GAP_DAYS = 31;

/** A page of papers. Pages count from 1. */
export interface PageOfPapers extends Selection {
  /** How many papers come before it. */
  readonly start: number;
  readonly page: number;
  readonly pageCount: number;
}

/** Returns one page of the papers of a selection, best first, chosen as digests choose theirs. */
export async function loadPapers(
  ports: PaperPagePorts,
  { day, days, lists, query }: PaperSelection,
  page: number,
): Promise<PageOfPapers> {
  const endOfDay = `${day}T23:59:59.999Z`;
  const now = ports.clock.now();
  const window = openPaperWindow(ports, days - 1, endOfDay < now ? endOfDay : now);
  const chosen = lists.length > 0 ? [...lists] : [...ports.lists];
  const view = await window.view(chosen);
  const start = (page - 1) * CARDS_PER_PAGE;
  const selected = view.window.select({
    query: readQuery(query),
    lists: chosen,
    offset: start,
    limit: CARDS_PER_PAGE,
  });
  return { ...selected, start, page, pageCount: Math.max(1, Math.ceil(selected.total / CARDS_PER_PAGE)) };
}

/**
 * Returns the newest day with papers on one of the lists, today at the latest. Undefined if the last month has none.
 */
export function findNewestDay(
  ports: PaperPagePorts,
  lists: PaperSelection['lists'],
): Promise<Day | undefined> {
  return findListingDay(ports, lists.length > 0 ? lists : ports.lists, utcDayOf(ports.clock.now()), -1);
}

/** The nearest days with papers before and after a selection's last day, at most a month away. */
export async function findNeighbours(
  ports: PaperPagePorts,
  { day, lists }: Pick<PaperSelection, 'day' | 'lists'>,
): Promise<{ readonly previous: Day | undefined; readonly next: Day | undefined }> {
  const chosen = lists.length > 0 ? lists : ports.lists;
  const [previous, next] = await Promise.all([
    findListingDay(ports, chosen, addDays(day, -1), -1),
    findListingDay(ports, chosen, addDays(day, 1), 1),
  ]);
  return { previous, next };
}

/** Looks day by day, since one or two steps find it nearly always. */
async function findListingDay(
  { listings, clock }: PaperPagePorts,
  lists: readonly ListId[],
  from: Day,
  step: 1 | -1,
): Promise<Day | undefined> {
  const today = utcDayOf(clock.now());
  for (let gap = 0; gap < MAX_GAP_DAYS; gap += 1) {
    const day = addDays(from, gap * step);
    if (day > today || day < EARLIEST_DAY) return undefined;
    const found = await Promise.all(lists.map((list) => listings.load(list, day)));
    if (found.some((listed) => listed.length > 0)) return day;
  }
  return undefined;
}
