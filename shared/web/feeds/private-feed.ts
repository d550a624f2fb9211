import { isSubscribed, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import { tryParseQueryCached } from '../../matching/query/parse-query-cached.ts';
import {
  allOf,
  anyOf,
  NO_RANGE,
  negate,
  partsOf,
  QueryError,
  type QueryNode,
} from '../../matching/query/query.ts';
import { isPlainWord } from '../../matching/search/split-query.ts';
import { toPrivateFeed } from '../paths/feed-links.ts';
import type { WebAppPorts } from '../ports.ts';
import { openLink } from '../verify-link.ts';
import type { Feed } from './feed.tsx';
import { type FeedPorts, findNewest, toFeed } from './load-feeds.ts';

/**
 * Returns the newest papers that match one of a subscriber's subscriptions, without muted ones. Undefined if the subscriber left, was
 * erased or made the link invalid.
 */
export async function loadPrivateFeed(
  ports: FeedPorts & Pick<WebAppPorts, 'keyring' | 'subscribers'>,
  token: string,
): Promise<Feed | undefined> {
  const { subscriber } = (await openLink(ports, 'feed', token)) ?? {};
  if (!subscriber || !isSubscribed(subscriber)) return undefined;
  const query = toQuery(subscriber);
  const papers = query ? await findNewest(ports, query, []) : [];
  const head = {
    link: toPrivateFeed(token),
    description: 'The newest papers that match your subscriptions.',
    pagePath: '/',
  };
  return toFeed(ports, head, papers, `feeds/private/${subscriber.id}`);
}

/** Returns one query for all subscriptions, without what is muted. Undefined if no query can be read. */
function toQuery({ subscriptions, mutedPapers = [], mutedAuthors = [] }: Subscriber): QueryNode | undefined {
  const wanted = subscriptions.flatMap(({ query, lists }) => {
    const node = tryParseQueryCached(query);
    if (node instanceof QueryError) return [];
    const [onFirst, ...onOthers] = lists.map(
      (value): QueryNode => ({ kind: 'list', value, range: NO_RANGE }),
    );
    return onFirst ? [allOf([node, anyOf(onFirst, ...onOthers)])] : [];
  });
  const [first, ...others] = wanted;
  if (!first) return undefined;
  const muted: readonly QueryNode[] = [
    ...mutedPapers.map((value): QueryNode => ({ kind: 'id', value, range: NO_RANGE })),
    ...mutedAuthors.map((text): QueryNode => ({ kind: 'author', text, range: NO_RANGE })),
  ];
  return inTextsOnly(allOf([anyOf(first, ...others), ...muted.map(negate)]));
}

/** Names the fields of plain words, because a search also looks for those in the names of authors and organisations. */
function inTextsOnly(query: QueryNode): QueryNode {
  return allOf(
    partsOf(query).map((part) =>
      isPlainWord(part)
        ? anyOf({ ...part, field: 'title' }, { ...part, field: 'abstract' }, { ...part, field: 'keyword' })
        : part,
    ),
  );
}
