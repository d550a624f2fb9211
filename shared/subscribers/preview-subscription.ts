import type { ListId } from '../domain/lists.ts';
import type { Muted } from '../domain/muting.ts';
import type { SubscriptionFields } from '../domain/subscription.ts';
import type { Clock } from '../domain/time.ts';
import { createMuteTest } from '../matching/muted.ts';
import { printQuery } from '../matching/print-query.ts';
import type { QueryNode } from '../matching/query.ts';
import { readQuery } from '../matching/read-query.ts';
import type { Match, Window } from '../matching/window.ts';
import { openPaperWindow, type WindowPorts } from '../pipeline/paper-window.ts';

/** How many days before today a preview shows papers of. */
export const PREVIEW_DAYS = 7;

/** How many days before today a preview counts papers of. */
export const COUNTED_DAYS = 30;

/** How many papers of the last days a subscription finds. */
interface PreviewCount {
  /** How many days before today were searched. */
  readonly days: number;
  readonly total: number;
  /** The papers of each list. A paper on two lists counts in both. */
  readonly lists: readonly { readonly list: ListId; readonly total: number }[];
}

/** Why a query may not be what its writer wanted. */
export type PreviewHint =
  /** No paper of the counted days matches. `without` is what to leave out, and `total` how many papers match then. */
  | { readonly kind: 'nothing'; readonly without?: string | undefined; readonly total: number }
  /** Every paper of the counted days matches a query that is not empty. */
  | { readonly kind: 'everything' };

/** The recent papers that a subscription would have sent. */
export interface Preview {
  /** The best papers of the last {@link PREVIEW_DAYS} days, as many as a digest holds. */
  readonly matches: readonly Match[];
  /** How many of these days match in all. */
  readonly total: number;
  /** The counts of {@link PREVIEW_DAYS} and of {@link COUNTED_DAYS} days. */
  readonly counts: readonly PreviewCount[];
  readonly hint?: PreviewHint | undefined;
}

/**
 * Returns what a subscription would have sent over the last days and today, if nothing had been sent before. Muted papers do not count.
 * It reads the papers of the longer time once.
 */
export async function previewSubscription(
  ports: WindowPorts & { readonly clock: Clock },
  { lists, query, sort, maxPapers }: SubscriptionFields,
  muted: Muted,
): Promise<Preview> {
  const papers = openPaperWindow(ports, COUNTED_DAYS, ports.clock.now());
  const [recent, counted] = await Promise.all([papers.view(lists, PREVIEW_DAYS + 1), papers.view(lists)]);
  const node = readQuery(query);
  const isMuted = createMuteTest(muted);
  const selection = recent.window.select({ query: node, lists, sort, limit: maxPapers, isMuted });
  const countIn = (window: Window, one: QueryNode, of: readonly ListId[] = lists) =>
    window.select({ query: one, lists: of, limit: 0, isMuted }).total;
  const toCount = (days: number, window: Window): PreviewCount => ({
    days,
    total: countIn(window, node),
    lists: lists.map((list) => ({ list, total: countIn(window, node, [list]) })),
  });
  return {
    ...selection,
    counts: [toCount(PREVIEW_DAYS, recent.window), toCount(COUNTED_DAYS, counted.window)],
    hint: findHint(node, (one) => countIn(counted.window, one)),
  };
}

function findHint(node: QueryNode, countOf: (node: QueryNode) => number): PreviewHint | undefined {
  const all = countOf({ kind: 'all' });
  if (node.kind === 'all' || all === 0) return undefined;
  const total = countOf(node);
  if (total === all) return { kind: 'everything' };
  return total === 0 ? { kind: 'nothing', ...findRelaxation(node, countOf) } : undefined;
}

/** Finds the part of an AND without which most papers match. */
function findRelaxation(
  node: QueryNode,
  countOf: (node: QueryNode) => number,
): { readonly without?: string; readonly total: number } {
  if (node.kind !== 'and') return { total: 0 };
  const relaxed = node.parts.map((part) => {
    const [only, ...others] = node.parts.filter((one) => one !== part);
    const rest: QueryNode =
      only && others.length === 0 ? only : { kind: 'and', parts: node.parts.filter((one) => one !== part) };
    return { without: printQuery(part), total: countOf(rest) };
  });
  const best = relaxed.reduce((one, other) => (other.total > one.total ? other : one));
  return best.total > 0 ? best : { total: 0 };
}
