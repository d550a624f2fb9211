import type { Muted } from '../domain/muting.ts';
import type { SubscriptionFields } from '../domain/subscription.ts';
import type { Clock } from '../domain/time.ts';
import { createMuteTest } from '../matching/muted.ts';
import { readQuery } from '../matching/read-query.ts';
import type { Match } from '../matching/window.ts';
import { openPaperWindow, type WindowPorts } from '../pipeline/paper-window.ts';

/** How many days before today a preview looks at. */
export const PREVIEW_DAYS = 7;

/** The recent papers that a subscription would have sent. */
export interface Preview {
  /** The best of the matching papers, as many as a digest holds. */
  readonly matches: readonly Match[];
  /** How many match in all. */
  readonly total: number;
}

/** Returns what a subscription would have sent over the last seven days and today, if nothing had been sent before. Muted
 * papers do not count.
 */
export async function previewSubscription(
  ports: WindowPorts & { readonly clock: Clock },
  fields: SubscriptionFields,
  muted: Muted,
): Promise<Preview> {
  const window = openPaperWindow(ports, PREVIEW_DAYS, ports.clock.now());
  const { lists, query, sort, maxPapers } = fields;
  const view = await window.view(lists);
  return view.window.select({
    query: readQuery(query),
    lists,
    sort,
    limit: maxPapers,
    isMuted: createMuteTest(muted),
  });
}
