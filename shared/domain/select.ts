import type { Cadence } from './cadence.ts';
import type { DigestSection } from './digest.ts';
import type { ListId } from './lists.ts';
import type { Match, PaperIndex } from './match.ts';
import type { Paper, PaperId } from './paper.ts';
import { parseStoredQuery } from './query.ts';
import type { Subscriber, Subscription } from './subscriber.ts';

/** The papers that a digest can choose from. */
export interface Candidates {
  /** All papers of the window, best ranked first. */
  readonly index: PaperIndex;
  /** The lists of each paper in the window. */
  readonly listsByPaper: ReadonlyMap<PaperId, ReadonlySet<ListId>>;
}

/**
 * Selects the papers of a digest. Each subscription of the cadence gets a section with its best matches, without those in `sent`
 * and without muted ones. A paper comes once, in the first section with room for it. A subscription without papers has no section.
 */
export function selectSections(
  subscriber: Pick<Subscriber, 'subscriptions'>,
  cadence: Cadence,
  candidates: Candidates,
  sent: ReadonlySet<PaperId>,
  isMuted: (paper: Paper) => boolean = () => false,
): readonly DigestSection[] {
  const taken = new Set(sent);
  const sections: DigestSection[] = [];
  for (const subscription of subscriber.subscriptions) {
    if (subscription.cadence !== cadence) continue;
    const fresh = matchesOf(subscription, candidates).filter(
      ({ paper }) => !taken.has(paper.id) && !isMuted(paper),
    );
    const matches = fresh.slice(0, subscription.maxPapers);
    if (matches.length === 0) continue;
    for (const { paper } of matches) taken.add(paper.id);
    sections.push({ subscription, matches, moreCount: fresh.length - matches.length });
  }
  return sections;
}

/**
 * Returns the papers of some lists that match a query, best first.
 *
 * @throws QueryError if the query cannot be parsed
 */
export function matchesOf(
  { lists, query }: Pick<Subscription, 'lists' | 'query'>,
  { index, listsByPaper }: Candidates,
): readonly Match[] {
  const isFollowed = ({ paper }: Match) => lists.some((list) => listsByPaper.get(paper.id)?.has(list));
  return index.match(parseStoredQuery(query)).filter(isFollowed);
}
