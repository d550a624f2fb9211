import type { ListCondition } from '../domain/lists/list-state.ts';
import type { ListId } from '../domain/lists/lists.ts';
import type { PaperId } from '../domain/papers/paper.ts';
import type { Cadence, Period } from '../domain/subscribers/cadence.ts';
import type { Muted } from '../domain/subscribers/muting.ts';
import type { Subscriber, Subscription } from '../domain/subscribers/subscriber.ts';
import type { Day, Instant } from '../domain/time/time.ts';
import type { PaperNews } from './news.ts';
import { tryParseQueryCached } from './query/parse-query-cached.ts';
import { QueryError } from './query/query.ts';
import type { Match, Window } from './window.ts';

/** The part of a digest for one subscription: its best papers, best first, and how many more matched. */
export interface DigestSection {
  readonly subscription: Subscription;
  /** Between one and `subscription.maxPapers` papers. */
  readonly matches: readonly Match[];
  /** How many more papers matched, but were left out because of `maxPapers`. */
  readonly moreCount: number;
  /**
   * Returns the papers that match but are neither in `matches` nor counted as more: sent before, in an earlier section, or muted. Each call
   * looks them up again.
   */
  readonly findWithheld: () => readonly PaperId[];
}

/** One mail to one subscriber for one cadence and period, with a section for each subscription with papers. */
export interface Digest {
  readonly subscriber: Subscriber;
  readonly cadence: Cadence;
  readonly period: Period;
  /** When it was composed. */
  readonly composedAt: Instant;
  /** The days that the papers were selected from, both included. */
  readonly days: { readonly first: Day; readonly last: Day };
  /** The papers that come late, with the list and the day of their batch. */
  readonly late: ReadonlyMap<PaperId, { readonly list: ListId; readonly day: Day }>;
  /** When the papers to select from were read. A paper that came on a list later was not among them. */
  readonly asOf: Instant;
  readonly sections: readonly DigestSection[];
  /** The news of papers that the subscriber knows. A digest without sections and news is not composed. */
  readonly news: readonly PaperNews[];
  /** The condition of each list that the digest's subscriptions follow. */
  readonly listConditions: ReadonlyMap<ListId, ListCondition>;
}

/** A stored query that is invalid, and why. */
export interface UnreadableQuery {
  readonly subscriptionId: Subscription['id'];
  readonly fault: string;
}

/** Returns whether no paper of the window matches a subscription of the cadence. It ignores mutes and earlier digests. */
export function hasNoMatches(
  { subscriptions }: Pick<Subscriber, 'subscriptions'>,
  cadence: Cadence,
  window: Window,
): boolean {
  return subscriptions.every((subscription) => {
    if (subscription.cadence !== cadence) return true;
    const query = tryParseQueryCached(subscription.query);
    // The selection reports invalid queries.
    if (query instanceof QueryError) return false;
    return window.select({ query, lists: subscription.lists, sort: 'new', limit: 0 }).total === 0;
  });
}

/**
 * Selects the papers of a digest. Each subscription of the cadence gets a section with its best matches, without papers in `sent` and muted
 * ones. A paper comes once, in the first section with room for it. A subscription without papers or with an invalid query has no section.
 */
export function selectSections(
  subscriber: Pick<Subscriber, 'subscriptions'> & Muted,
  cadence: Cadence,
  window: Window,
  sent: Iterable<PaperId>,
): { readonly sections: readonly DigestSection[]; readonly unreadable: readonly UnreadableQuery[] } {
  const taken = new Set(sent);
  const sections: DigestSection[] = [];
  const unreadable: UnreadableQuery[] = [];
  for (const subscription of subscriber.subscriptions) {
    if (subscription.cadence !== cadence) continue;
    const { lists, sort, maxPapers } = subscription;
    const query = tryParseQueryCached(subscription.query);
    if (query instanceof QueryError) {
      unreadable.push({ subscriptionId: subscription.id, fault: query.message });
      continue;
    }
    const { matches, total, findWithheld } = window.select({
      query,
      lists,
      sort,
      isInterleaved: true,
      limit: maxPapers,
      excluded: taken,
      muted: subscriber,
    });
    if (matches.length === 0) continue;
    for (const { paper } of matches) taken.add(paper.id);
    sections.push({ subscription, matches, moreCount: total - matches.length, findWithheld });
  }
  return { sections, unreadable };
}
