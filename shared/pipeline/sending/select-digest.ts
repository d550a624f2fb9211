import type { Delivery, DeliveryKey } from '../../domain/digests/delivery.ts';
import type { Cadence } from '../../domain/subscribers/cadence.ts';
import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import {
  addMs,
  type Clock,
  earliestOf,
  type Instant,
  MS_PER_HOUR,
  startOfDay,
} from '../../domain/time/time.ts';
import {
  type Digest,
  type DigestSection,
  hasNoMatches,
  selectSections,
  type UnreadableQuery,
} from '../../matching/digest.ts';
import type { FindLate } from '../late-papers.ts';
import { type BatchPapers, subscriptionsOf } from './batch-papers.ts';

/** Returns whether a digest has neither papers nor news. Such a digest is not sent. */
export function isNothingNew({ sections, news }: Pick<Digest, 'sections' | 'news'>): boolean {
  return sections.length === 0 && news.length === 0;
}

/** The papers that a digest can choose from. */
interface Candidates {
  /** Digests from before this time cannot have these papers. So the ledger is read from here on. */
  readonly since: Instant;
  /** Whether there is nothing to select, whatever other digests have. */
  readonly isEmpty: boolean;
  /**
   * Selects papers that no other digest has, and the news that the subscriber asked for.
   *
   * @param others the subscriber's other digests, without failed ones. Skipped ones have no papers
   */
  readonly select: (
    others: readonly Delivery[],
  ) => Promise<{ readonly digest: Digest; readonly unreadable: readonly UnreadableQuery[] }>;
}

/** Opens the papers that a digest can choose from. */
export async function openCandidates(
  { clock }: { readonly clock: Clock },
  { days, viewOf, news, findLateIn, loadConditions }: BatchPapers,
  { cadence, period }: DeliveryKey,
  subscriber: Subscriber,
): Promise<Candidates> {
  const subscriptions = subscriptionsOf(subscriber, cadence);
  const view = await viewOf(subscriptions);
  const composedAt = clock.now();
  const newsOfReader = await news.open(subscriber, cadence);
  const firstSeenAt = earliestOf([view.firstSeenAt, newsOfReader.since]) ?? composedAt;
  return {
    // The clocks of two functions differ by less than an hour. News keep the minute of `CLOCK_SKEW_MS`: a repeat is better than a loss.
    // Papers that were lost and read again were sent before they were first seen, but not before their day.
    since: earliestOf([startOfDay(days.first), addMs(firstSeenAt, -MS_PER_HOUR)]),
    isEmpty: newsOfReader.since === undefined && hasNoMatches(subscriber, cadence, view.window),
    async select(others) {
      const takenPapers = others.flatMap(({ paperIds }) => paperIds);
      const { sections, unreadable } = selectSections(subscriber, cadence, view.window, takenPapers);
      const digest: Digest = {
        subscriber,
        cadence,
        period,
        composedAt,
        sections,
        news: await newsOfReader.find(others, sections),
        late: findLatePapers(findLateIn(view.listDays), cadence, sections),
        days,
        asOf: view.asOf ?? composedAt,
        listConditions: await loadConditions(subscriptions.flatMap(({ lists }) => lists)),
      };
      return { digest, unreadable };
    },
  };
}

/** Finds the late papers of all sections, each by the lists of its section. */
function findLatePapers(
  find: FindLate,
  cadence: Cadence,
  sections: readonly DigestSection[],
): Digest['late'] {
  return new Map(
    sections.flatMap(({ subscription, matches }) => [
      ...find(
        cadence,
        subscription.lists,
        matches.map(({ paper }) => paper.id),
      ),
    ]),
  );
}
