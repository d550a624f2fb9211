import type { Cadence, Period } from '../domain/cadence.ts';
import type { ListState } from '../domain/list-state.ts';
import type { ListId } from '../domain/lists.ts';
import type { Paper, PaperId } from '../domain/paper.ts';
import type { Subscriber, Subscription } from '../domain/subscriber.ts';
import type { Day, Instant } from '../domain/time.ts';
import { readQuery } from './read-query.ts';
import type { Match, Window } from './window.ts';

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

/**
 * Selects the papers of a digest. Each subscription of the cadence gets a section with its best matches, without those in `sent`
 * and without muted ones. A paper comes once, in the first section with room for it. A subscription without papers has no section.
 */
export function selectSections(
  subscriber: Pick<Subscriber, 'subscriptions'>,
  cadence: Cadence,
  window: Window,
  sent: Iterable<PaperId>,
  isMuted?: (paper: Paper) => boolean,
): readonly DigestSection[] {
  const taken = new Set(sent);
  const sections: DigestSection[] = [];
  for (const subscription of subscriber.subscriptions) {
    if (subscription.cadence !== cadence) continue;
    const { lists, query, sort, maxPapers } = subscription;
    const { matches, total } = window.select({
      query: readQuery(query),
      lists,
      sort,
      limit: maxPapers,
      excluded: taken,
      isMuted,
    });
    if (matches.length === 0) continue;
    for (const { paper } of matches) taken.add(paper.id);
    sections.push({ subscription, matches, moreCount: total - matches.length });
  }
  return sections;
}
