import type { Cadence } from './cadence.ts';
import type { DigestSection } from './digest.ts';
import type { ListId } from './lists.ts';
import type { Match, PaperIndex } from './match.ts';
import type { PaperId } from './paper.ts';
import { parseStoredQuery } from './query.ts';
import type { Subscriber, Subscription } from './subscriber.ts';

/** What a digest is chosen from. */
export interface Candidates {
  /** All papers of the window, in rank order. */
  readonly index: PaperIndex;
  /** On which lists each of them stood in the window. */
  readonly listsOf: ReadonlyMap<PaperId, ReadonlySet<ListId>>;
}

/**
 * Chooses the papers of a digest: for each subscription of the cadence the best ranked papers of its lists that match
 * its query and that `sent` does not hold. A paper comes once, in the first section that has room for it; a subscription
 * that brings nothing has no section.
 */
export function selectSections(
  subscriber: Pick<Subscriber, 'subscriptions'>,
  cadence: Cadence,
  candidates: Candidates,
  sent: ReadonlySet<PaperId>,
): readonly DigestSection[] {
  const taken = new Set(sent);
  const sections: DigestSection[] = [];
  for (const subscription of subscriber.subscriptions) {
    if (subscription.cadence !== cadence) continue;
    const fresh = matchesOf(subscription, candidates).filter(({ paper }) => !taken.has(paper.id));
    const matches = fresh.slice(0, subscription.maxPapers);
    if (matches.length === 0) continue;
    for (const { paper } of matches) taken.add(paper.id);
    sections.push({ subscription, matches, moreCount: fresh.length - matches.length });
  }
  return sections;
}

/**
 * The papers of some lists that match a query, best first.
 *
 * @throws QueryError for a query that cannot be read
 */
export function matchesOf(
  { lists, query }: Pick<Subscription, 'lists' | 'query'>,
  { index, listsOf }: Candidates,
): readonly Match[] {
  const isFollowed = ({ paper }: Match) => lists.some((list) => listsOf.get(paper.id)?.has(list));
  return index.match(parseStoredQuery(query)).filter(isFollowed);
}
