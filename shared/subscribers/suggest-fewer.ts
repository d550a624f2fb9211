import type { ListId } from '../domain/lists/lists.ts';
import type { Paper } from '../domain/papers/paper.ts';
import type { Cadence } from '../domain/subscribers/cadence.ts';
import type { Muted } from '../domain/subscribers/muting.ts';
import type { Subscriber, Subscription } from '../domain/subscribers/subscriber.ts';
import type { Clock } from '../domain/time/time.ts';
import { type Exclusion, suggestExclusions } from '../matching/exclusions.ts';
import { tryParseQueryCached } from '../matching/query/parse-query-cached.ts';
import { allOf, NO_RANGE, QueryError, type QueryNode } from '../matching/query/query.ts';
import { listsToLoad, openPaperWindow, type WindowPorts } from '../pipeline/paper-window.ts';

/** How many days before today are searched for papers that a term would remove. */
export const SUGGESTION_DAYS = 30;

/** Terms that one subscription can leave out, to bring fewer papers like one of them. */
export interface Suggestion {
  readonly subscription: Subscription;
  /** How many papers of the last days the subscription found, without muted ones. */
  readonly found: number;
  readonly exclusions: readonly Exclusion[];
}

/**
 * Suggests terms for each subscription of a cadence that finds a paper. Muted papers do not count. Leaves out subscriptions without a useful
 * term, and those whose stored query cannot be read.
 */
export async function suggestFewer(
  ports: WindowPorts & { readonly clock: Clock; readonly lists: readonly ListId[] },
  subscriber: Pick<Subscriber, 'subscriptions'> & Muted,
  cadence: Cadence,
  paper: Paper,
): Promise<readonly Suggestion[]> {
  const recent = openPaperWindow(ports, SUGGESTION_DAYS, ports.clock.now());
  const suggestions = await Promise.all(
    subscriber.subscriptions
      .filter((subscription) => subscription.cadence === cadence)
      .map(async (subscription) => {
        const { lists, query } = subscription;
        const { window } = await recent.view(listsToLoad(subscription, ports.lists));
        const node = tryParseQueryCached(query);
        if (node instanceof QueryError) return [];
        const countOf = (counted: QueryNode, muted: Muted = {}) =>
          window.select({ query: counted, lists, limit: 0, muted }).total;
        const isPaper = { kind: 'id', value: paper.id, range: NO_RANGE } as const;
        if (countOf(allOf([node, isPaper])) === 0) return [];
        const exclusions = suggestExclusions(window, subscription, paper, subscriber);
        return [{ subscription, found: countOf(node, subscriber), exclusions }];
      }),
  );
  return suggestions.flat().filter(({ exclusions }) => exclusions.length > 0);
}
