import type { Match } from '../domain/match.ts';
import type { Muted } from '../domain/muting.ts';
import { selectSections } from '../domain/select.ts';
import type { SubscriptionFields } from '../domain/subscription.ts';
import type { Clock } from '../domain/time.ts';
import { createMuteTest } from '../matching/muted.ts';
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
  const candidates = await window.view(fields.lists);
  const [section] = selectSections(
    { subscriptions: [{ ...fields, id: 'preview' }] },
    fields.cadence,
    candidates,
    new Set(),
    createMuteTest(muted),
  );
  if (!section) return { matches: [], total: 0 };
  return { matches: section.matches, total: section.matches.length + section.moreCount };
}
