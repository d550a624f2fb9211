import type { Delivery } from '../../domain/digests/delivery.ts';
import { type Paper, type PaperId, PICKING_LIST } from '../../domain/papers/paper.ts';
import { DELIVERY_RETENTION_DAYS } from '../../domain/retention.ts';
import type { Cadence } from '../../domain/subscribers/cadence.ts';
import type { Muted } from '../../domain/subscribers/muting.ts';
import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import {
  addMs,
  type Clock,
  daysFrom,
  earliestOf,
  type Instant,
  MS_PER_DAY,
  startOfDay,
} from '../../domain/time/time.ts';
import type { DigestSection } from '../../matching/digest.ts';
import { createMuteTest } from '../../matching/mute-test.ts';
import { findNews, findWantedNews, type PaperNews } from '../../matching/news.ts';
import type { NewVersionRepository, PaperRepository } from '../../ports/papers.ts';
import type { PaperWindow } from '../paper-window.ts';

export interface NewsPorts {
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly newVersions: Pick<NewVersionRepository, 'load'>;
  readonly clock: Clock;
}

/** The news that one subscriber asked for. */
interface SubscriberNews {
  /**
   * The time from which the ledger is read to find news. Undefined if the subscriber wants no news, or only news of picks and there are
   * none.
   */
  readonly since: Instant | undefined;
  /** Finds news that no earlier digest had. Leaves out the papers of this digest's sections. */
  readonly find: (
    earlier: readonly Delivery[],
    sections: readonly DigestSection[],
  ) => Promise<readonly PaperNews[]>;
}

/**
 * Finds the news of the days of a window: new picks, and new versions of papers that were sent or that a query names. Muted papers have
 * none.
 * Loads what it needs when the first subscriber asks for news, because few do.
 */
export interface NewsFinder {
  open(subscriber: Pick<Subscriber, 'subscriptions'> & Muted, cadence: Cadence): Promise<SubscriberNews>;
}

/** Opens the news of the days of a window. */
export function openNews(ports: NewsPorts, window: PaperWindow): NewsFinder {
  const { first, last } = window.days;
  let loadingChanged: Promise<ReadonlySet<PaperId>> | undefined;

  const loadPicked = async (): Promise<readonly Paper[]> => {
    const { listDays } = await window.view([PICKING_LIST]);
    const listed = listDays.filter(({ list }) => list === PICKING_LIST).flatMap(({ papers }) => papers);
    // The newest copy of a paper wins.
    const papers = new Map(listed.map((paper) => [paper.id, paper]));
    return [...papers.values()].filter(({ pickedAt }) => pickedAt !== undefined);
  };

  const loadChangedIds = async () => {
    const days = await Promise.all(daysFrom(first, last).map((day) => ports.newVersions.load(day)));
    return new Set(days.flat().map(({ paperId }) => paperId));
  };

  /** Loads those of the papers that have a new version. */
  const loadChanged = async (ids: readonly PaperId[]): Promise<readonly Paper[]> => {
    loadingChanged ??= loadChangedIds();
    const changed = await loadingChanged;
    return ports.papers.loadMany([...new Set(ids)].filter((id) => changed.has(id)));
  };

  return {
    async open(subscriber, cadence) {
      const wanted = findWantedNews(subscriber, cadence);
      if (!wanted.picked && !wanted.versions) return { since: undefined, find: async () => [] };
      const picked = wanted.picked ? await loadPicked() : [];
      const isMuted = createMuteTest(subscriber) ?? (() => false);
      return {
        // A paper with a new version may have been sent as long ago as the ledger remembers.
        since: wanted.versions
          ? addMs(ports.clock.now(), -DELIVERY_RETENTION_DAYS * MS_PER_DAY)
          : earliestOf(picked.map(({ firstSeenAt }) => firstSeenAt)),
        async find(earlier, sections) {
          const candidates = [...earlier.flatMap(({ paperIds }) => paperIds), ...wanted.idsInQueries];
          const changed = wanted.versions ? await loadChanged(candidates) : [];
          // A changed paper comes from the table, which knows more of it.
          const papers = new Map([...picked, ...changed].map((paper) => [paper.id, paper]));
          for (const { matches } of sections) for (const { paper } of matches) papers.delete(paper.id);
          const shown = [...papers.values()].filter((paper) => !isMuted(paper));
          return findNews(shown, wanted, earlier, startOfDay(first));
        },
      };
    },
  };
}
