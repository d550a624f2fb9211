import { type ListId, nameOfList } from '../../domain/lists/lists.ts';
import type { Paper } from '../../domain/papers/paper.ts';
import { latestOf, utcDayOf } from '../../domain/time/time.ts';
import { parseQueryCached } from '../../matching/query/parse-query-cached.ts';
import type { QueryNode } from '../../matching/query/query.ts';
import { ALL_PAPERS } from '../../matching/query/query.ts';
import { MAX_SEARCH_LIMIT, type SearchRequest } from '../../ports/search.ts';
import { toReaderText } from '../../presentation/reader-text.ts';
import { toQueryText } from '../../presentation/subscription-wording.ts';
import { findListed } from '../papers/find-listed.ts';
import { loadTrending, TRENDING_DAYS } from '../papers/load-trending.ts';
import { judgeName } from '../papers/names/judge-name.ts';
import { CARDS_PER_PAGE } from '../papers/page-cards.ts';
import { TRENDING_PATH } from '../papers/periods.ts';
import { toPublicNames } from '../parts/list-names.ts';
import { toListFeed, toNameFeed, toSearchFeed, toTrendingFeed } from '../paths/feed-links.ts';
import { toNamePath, toNameQuery } from '../paths/paper-paths.ts';
import { toSearchPath } from '../paths/search-path.ts';
import type { WebAppPorts } from '../ports.ts';
import { type Feed, type FeedPaper, toFeedEntry, toTagId } from './feed.tsx';

/** The ports of the feeds. */
export type FeedPorts = Pick<WebAppPorts, 'search' | 'publication' | 'clock' | 'lists' | 'listDays'>;

/** How many papers a feed has at most, the newest listings first. */
const MAX_ENTRIES = MAX_SEARCH_LIMIT;

const MAX_TITLE_CHARS = 120;

/** The metadata of a feed. */
type FeedHead = Pick<Feed, 'link' | 'description' | 'pagePath'>;

/** Returns the newest papers of a list. */
export async function loadListFeed(ports: FeedPorts, list: ListId): Promise<Feed> {
  const papers = await findNewest(ports, ALL_PAPERS, [list]);
  const name = nameOfList(list);
  const head = {
    link: toListFeed(list),
    description: `The newest papers of ${name}.`,
    pagePath: toSearchPath({ query: '', lists: [list] }),
  };
  return toFeed(ports, head, papers);
}

/** Returns the papers of the first trending page, best first. */
export async function loadTrendingFeed(ports: FeedPorts): Promise<Feed> {
  const { matches } = await loadTrending(ports, ports.lists, CARDS_PER_PAGE);
  const listed = await findListed(
    ports.search,
    matches.map(({ paper }) => paper.id),
  );
  const toListed = (paper: Paper): FeedPaper => ({ paper, ...(listed.get(paper.id) ?? { lists: [] }) });
  const head = {
    link: toTrendingFeed(),
    description: `The papers of the last ${TRENDING_DAYS} days with the most votes for their age.`,
    pagePath: TRENDING_PATH,
  };
  return toFeed(
    ports,
    head,
    matches.map(({ paper }) => toListed(paper)),
  );
}

/**
 * Returns the newest papers that match a query. All plain words count, as in a subscription.
 *
 * @param query a valid one
 */
export async function loadSearchFeed(
  ports: FeedPorts,
  query: string,
  lists: readonly ListId[],
): Promise<Feed> {
  const papers = await findNewest(ports, parseQueryCached(query), lists);
  const matching = query === '' ? '' : ` that match ${toQueryText(query)}`;
  const head = {
    link: toSearchFeed(query, lists),
    description: `The newest papers of ${toPublicNames(lists.length > 0 ? lists : ports.lists)}${matching}.`,
    pagePath: toSearchPath({ query, lists, sort: 'date', isVerbatim: true }),
  };
  return toFeed(ports, head, papers);
}

/** Returns the newest papers of an author or an organisation, or the usual name if papers write it otherwise. Undefined for an unknown one. */
export async function loadNameFeed(
  ports: FeedPorts,
  kind: 'author' | 'organisation',
  name: string,
): Promise<Feed | { readonly usual: string } | undefined> {
  const query = toNameQuery(kind, name);
  const pagePath = toNamePath(kind, name);
  if (query === undefined || pagePath === undefined) return undefined;
  const answer = await ports.search.search(toNewest(parseQueryCached(query), []));
  const found = judgeName(kind, name, answer);
  if (found.kind === 'unknown') return undefined;
  if (found.kind === 'misspelt') return found;
  const description = `The newest papers ${kind === 'author' ? 'by' : 'of'} ${name}.`;
  return toFeed(ports, { link: toNameFeed(kind, name), description, pagePath }, answer.hits);
}

/** Finds the papers that match a query strictly, the newest listings first. */
export async function findNewest(
  { search }: Pick<FeedPorts, 'search'>,
  query: QueryNode,
  lists: readonly ListId[],
): Promise<readonly FeedPaper[]> {
  const { hits } = await search.search(toNewest(query, lists));
  return hits;
}

function toNewest(query: QueryNode, lists: readonly ListId[]): SearchRequest {
  return { query, lists, sort: 'date', limit: MAX_ENTRIES, isVerbatim: true };
}

/**
 * Returns the feed of the given papers.
 *
 * @param idPath what identifies the feed. @default its path with its parameters
 */
export function toFeed(
  { publication, clock }: Pick<FeedPorts, 'publication' | 'clock'>,
  { link, description, pagePath }: FeedHead,
  papers: readonly FeedPaper[],
  idPath = link.atom.slice(1).replace('.atom', ''),
): Feed {
  const entries = papers.map((paper) => toFeedEntry(paper, publication));
  const newest = latestOf(entries.map(({ updatedAt }) => updatedAt));
  return {
    link,
    pagePath,
    entries,
    id: toTagId(publication, idPath),
    title: `${toReaderText(link.title, MAX_TITLE_CHARS)} · ${publication.name}`,
    description: toReaderText(description, 2 * MAX_TITLE_CHARS),
    // It has to stay the same from one request to the next, so that an empty feed is sent once.
    updatedAt: newest ?? `${utcDayOf(clock.now())}T00:00:00.000Z`,
  };
}
