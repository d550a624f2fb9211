import { type ListId, nameOfList } from '../../domain/lists/lists.ts';
import { withParams } from '../../domain/text/with-params.ts';
import { type NameKind, toNameFolder, toNamePath, toNameQuery } from './paper-paths.ts';

/** A feed with the papers of a page. */
export interface FeedLink {
  readonly title: string;
  /** The paths of its Atom and JSON forms. */
  readonly atom: string;
  readonly json: string;
}

/** Returns the paths of a feed, one for each format, with its parameters. */
function toFeedLink(path: string, title: string, params: Parameters<typeof withParams>[1] = {}): FeedLink {
  const to = (format: string) => withParams(`${path}.${format}`, params);
  return { title, atom: to('atom'), json: to('json') };
}

/** Returns the feed of a list. */
export function toListFeed(list: ListId): FeedLink {
  return toFeedLink(`/feeds/lists/${list}`, nameOfList(list));
}

/** A page names at most this many feeds of lists. */
const MAX_LIST_FEEDS = 6;

/** Returns the feeds of the first lists. */
export function toListFeeds(lists: readonly ListId[]): readonly FeedLink[] {
  return lists.slice(0, MAX_LIST_FEEDS).map(toListFeed);
}

/** Returns the feed of the trending papers. */
export function toTrendingFeed(): FeedLink {
  return toFeedLink('/feeds/trending', 'Trending papers');
}

/** Returns the feed of the papers that match a query. @param lists empty for every list */
export function toSearchFeed(query: string, lists: readonly ListId[] = []): FeedLink {
  const [list, ...others] = lists;
  if (query === '' && list !== undefined && others.length === 0) return toListFeed(list);
  return toFeedLink('/feeds/search', query === '' ? 'Newest papers' : query, {
    q: query,
    list: lists.join(','),
  });
}

/** Returns the feed of the papers of a name. It is that of a search if the name has no page of its own. */
export function toNameFeed(kind: NameKind, name: string): FeedLink {
  const path = toNamePath(kind, name);
  const hasOwn = kind !== 'keyword' && path?.startsWith(`${toNameFolder(kind)}/`);
  return hasOwn ? toFeedLink(`/feeds${path}`, name) : toSearchFeed(toNameQuery(kind, name) ?? '');
}

/** Returns the feed of a subscriber. Anyone who knows its URL can read it. */
export function toPrivateFeed(token: string): FeedLink {
  return toFeedLink(`/feeds/private/${token}`, 'Your papers');
}
