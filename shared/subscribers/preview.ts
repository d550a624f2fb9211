import type { ListId } from '../domain/lists/lists.ts';
import type { Match } from '../matching/window.ts';

/** How many days before today a preview shows papers of. */
export const PREVIEW_DAYS = 7;

/** How many days before today a preview counts papers of. */
export const COUNTED_DAYS = 30;

/** How many papers of the last days a subscription finds. */
export interface PreviewCount {
  /** How many days before today were searched. */
  readonly days: number;
  readonly total: number;
  /** The papers of each list. A paper on two lists counts in both. */
  readonly lists: readonly { readonly list: ListId; readonly total: number }[];
}

/** A change with which a query matches papers: a part to leave `out`, or the query to write `instead`. */
export interface QueryChange {
  readonly kind: 'out' | 'instead';
  readonly query: string;
  /** How many papers match then. */
  readonly total: number;
}

/** Why a query may not be what its writer wanted. */
export type PreviewHint =
  /** No paper of the counted days matches. */
  | { readonly kind: 'nothing'; readonly change?: QueryChange | undefined }
  /** Every paper of the counted days matches a query that is not empty. */
  | { readonly kind: 'everything' };

/** The recent papers that a subscription would have sent. */
export interface Preview {
  /** The best papers of the last {@link PREVIEW_DAYS} days, as many as a digest holds. */
  readonly matches: readonly Match[];
  /** How many papers of these days match in all. */
  readonly total: number;
  /** The counts of {@link PREVIEW_DAYS} and of {@link COUNTED_DAYS} days. */
  readonly counts: readonly PreviewCount[];
  readonly hint?: PreviewHint | undefined;
}
