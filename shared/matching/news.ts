import { type Delivery, hasPaper } from '../domain/digests/delivery.ts';
import type { Paper, PaperId } from '../domain/papers/paper.ts';
import type { Cadence } from '../domain/subscribers/cadence.ts';
import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import { compareText } from '../domain/text/compare-text.ts';
import type { Instant } from '../domain/time/time.ts';
import { tryParseQueryCached } from './query/parse-query-cached.ts';
import { QueryError, type QueryNode } from './query/query.ts';

/** News of a paper that the reader knows: Hugging Face picked it, it has a new version, or both. */
export interface PaperNews {
  readonly paper: Paper;
  readonly isPicked: boolean;
  /** The new version. Undefined if only the pick is news. */
  readonly version?: number | undefined;
  /** When the newest part of the news was first known here. */
  readonly at: Instant;
}

/** The news that a subscriber asked for in the digests of one cadence. */
export interface WantedNews {
  readonly picked: boolean;
  readonly versions: boolean;
  /** The papers that the queries with `versions` name by `id:`. */
  readonly idsInQueries: ReadonlySet<PaperId>;
}

/** The maximum number of news in a digest. The rest comes with later ones. */
const MAX_NEWS = 10;

/** Returns the news that a subscriber asked for in the digests of a cadence. */
export function findWantedNews(
  { subscriptions }: Pick<Subscriber, 'subscriptions'>,
  cadence: Cadence,
): WantedNews {
  const all = subscriptions.filter((subscription) => subscription.cadence === cadence);
  const withVersions = all.filter(({ tellVersions }) => tellVersions);
  const queries = withVersions.map(({ query }) => tryParseQueryCached(query));
  return {
    picked: all.some(({ tellPicked }) => tellPicked),
    versions: withVersions.length > 0,
    idsInQueries: new Set(queries.flatMap((query) => (query instanceof QueryError ? [] : namedIds(query)))),
  };
}

/** Returns the papers that a query asks for by `id:`. */
function namedIds(node: QueryNode): readonly PaperId[] {
  if (node.kind === 'and' || node.kind === 'or') return node.parts.flatMap(namedIds);
  return node.kind === 'id' ? [node.value] : [];
}

/**
 * Returns the news that no earlier digest told, of papers that the reader was sent before. A new version is also news if a query names the
 * paper. Picks come first, those with most votes first.
 *
 * @param papers each once
 * @param since older news is not told
 */
export function findNews(
  papers: readonly Paper[],
  wanted: WantedNews,
  earlier: readonly Delivery[],
  since: Instant,
): readonly PaperNews[] {
  const all = papers.flatMap((paper): PaperNews[] => {
    const paperId = paper.id;
    const isKnown = earlier.some((delivery) => hasPaper(delivery, { paperId }));
    const isUntold = (at: Instant | undefined): at is Instant =>
      at !== undefined &&
      at >= since &&
      !earlier.some((delivery) => hasPaper(delivery, { paperId, newsAt: at }));
    const pickedAt = wanted.picked && isKnown ? paper.pickedAt : undefined;
    const changedAt =
      wanted.versions && (isKnown || wanted.idsInQueries.has(paperId)) ? findChangedAt(paper) : undefined;
    const told = [pickedAt, changedAt].filter(isUntold);
    const at = told.sort().at(-1);
    if (at === undefined) return [];
    return [
      { paper, at, isPicked: isUntold(pickedAt), version: isUntold(changedAt) ? paper.version : undefined },
    ];
  });
  const sorted = all.sort(
    (a, b) =>
      Number(b.isPicked) - Number(a.isPicked) ||
      b.paper.upvotes - a.paper.upvotes ||
      compareText(a.paper.id, b.paper.id),
  );
  return sorted.slice(0, MAX_NEWS);
}

/**
 * Returns when the newest version became known: when it appeared, or when it was first seen here if that is earlier. A digest from after
 * that time already led to this version. Undefined for the first version.
 */
function findChangedAt({ versionAt, versionSeenAt }: Paper): Instant | undefined {
  if (versionSeenAt === undefined) return undefined;
  return versionAt !== undefined && versionAt < versionSeenAt ? versionAt : versionSeenAt;
}
