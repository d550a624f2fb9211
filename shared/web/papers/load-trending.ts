import { countsVotes, type ListId } from '../../domain/lists/lists.ts';
import type { Clock } from '../../domain/time/time.ts';
import { ALL_PAPERS } from '../../matching/query/query.ts';
import type { Match } from '../../matching/window.ts';
import { openPaperWindow, type WindowPorts } from '../../pipeline/paper-window.ts';
import { MAX_SEARCH_LIMIT, type PaperSearch } from '../../ports/search.ts';
import { findListed } from './find-listed.ts';

/** How many days of papers can be trending, including today. Older papers hardly gather votes. */
export const TRENDING_DAYS = 14;

interface TrendingPorts extends WindowPorts {
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
  readonly search: PaperSearch;
  readonly clock: Clock;
}

/** The trending papers that were asked for, best first. */
export interface Trending {
  readonly matches: readonly Match[];
  /** The lists that they come from: those that count votes. */
  readonly counted: readonly ListId[];
  /** How many papers these lists have. */
  readonly total: number;
}

/**
 * Returns the trending papers of the given lists. Only papers with votes can trend, so it loads only the lists that count votes. Of other
 * lists, it finds only the papers that are among the first hundred.
 */
export async function loadTrending(
  ports: TrendingPorts,
  asked: readonly ListId[],
  limit: number,
): Promise<Trending> {
  const counted = ports.lists.filter(countsVotes);
  const { window } = await openPaperWindow(ports, TRENDING_DAYS - 1, ports.clock.now()).view(counted);
  const select = (count: number) =>
    window.select({ query: ALL_PAPERS, lists: counted, sort: 'trending', limit: count });
  if (counted.every((list) => asked.includes(list))) return { ...select(limit), counted };

  const { matches, total } = select(MAX_SEARCH_LIMIT);
  const listed = await findListed(
    ports.search,
    matches.map(({ paper }) => paper.id),
  );
  const isAsked = ({ paper }: Match) => listed.get(paper.id)?.lists.some((list) => asked.includes(list));
  return { matches: matches.filter(isAsked).slice(0, limit), total, counted };
}
