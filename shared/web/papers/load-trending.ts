import type { ListId } from '../../domain/lists.ts';
import type { Clock } from '../../domain/time.ts';
import type { QueryNode } from '../../matching/query/query.ts';
import type { Selection } from '../../matching/window.ts';
import { openPaperWindow, type WindowPorts } from '../../pipeline/paper-window.ts';

/** How many days of papers can be trending, with today. Older ones hardly gather votes. */
export const TRENDING_DAYS = 14;

/** The same object each time, so that the window remembers its papers. */
const EVERY_PAPER: QueryNode = { kind: 'all' };

/** Returns the trending papers of some lists, best first. */
export async function loadTrending(
  ports: WindowPorts & { readonly clock: Clock },
  lists: readonly ListId[],
  limit: number,
): Promise<Selection> {
  const { window } = await openPaperWindow(ports, TRENDING_DAYS - 1, ports.clock.now()).view(lists);
  return window.select({ query: EVERY_PAPER, lists, limit });
}
