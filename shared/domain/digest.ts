import type { Cadence, Period } from './cadence.ts';
import type { ListState } from './list-state.ts';
import type { ListId } from './lists.ts';
import type { Match } from './match.ts';
import type { Subscriber, Subscription } from './subscriber.ts';
import type { Day, Instant } from './time.ts';

/** The part of a digest for one subscription: its best papers, best first, and how many more matched. */
export interface DigestSection {
  readonly subscription: Subscription;
  /** Between one and `subscription.maxPapers` papers. */
  readonly matches: readonly Match[];
  /** How many more papers matched, but were left out because of `maxPapers`. */
  readonly moreCount: number;
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
  /** Empty if there are no papers to send. Such a digest is not composed. */
  readonly sections: readonly DigestSection[];
  /** The state of each list that the digest's subscriptions follow. */
  readonly listStates: ReadonlyMap<ListId, ListState>;
}
