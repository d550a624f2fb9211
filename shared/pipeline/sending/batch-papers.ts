import { type ListCondition, toListCondition } from '../../domain/lists/list-state.ts';
import { findList, type ListId, type SourceName } from '../../domain/lists/lists.ts';
import { oncePerKey } from '../../domain/once.ts';
import { type Cadence, type DaySpan, LOOK_BACK_DAYS } from '../../domain/subscribers/cadence.ts';
import type { Subscriber, Subscription } from '../../domain/subscribers/subscriber.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { SourceStateRepository } from '../../ports/papers.ts';
import type { ListDayPapers } from '../../snapshots/list-day.ts';
import { createFindLate, type FindLate } from '../late-papers.ts';
import { listsToLoad, openPaperWindow, type WindowPorts, type WindowView } from '../paper-window.ts';
import { type NewsFinder, type NewsPorts, openNews } from './news-window.ts';

export interface BatchPapersPorts extends WindowPorts, NewsPorts {
  /** The lists that the deployment reads. */
  readonly lists: readonly ListId[];
  readonly sourceStates: Pick<SourceStateRepository, 'load'>;
}

/** The papers that the digests of a batch choose from, and what is known of their lists. Each part is loaded once. */
export interface BatchPapers {
  /** The days that the digests look back to. */
  readonly days: DaySpan;
  /** Opens the papers that subscriptions of the batch choose from. */
  viewOf(subscriptions: readonly Subscription[]): Promise<WindowView>;
  readonly news: NewsFinder;
  /** Loads the condition of each list. A list that is no longer read has none. */
  loadConditions(lists: readonly ListId[]): Promise<ReadonlyMap<ListId, ListCondition>>;
  /** Returns the function that finds late papers among these days of lists. The same days give the same function. */
  findLateIn(listDays: readonly ListDayPapers[]): FindLate;
}

/**
 * Opens the papers that the subscribers' digests look back to. Their lists share one window.
 *
 * @param freshSince papers that were loaded at this time or later are used again without a read. @default each call looks for changes
 */
export function openBatchPapers(
  ports: BatchPapersPorts,
  cadence: Cadence,
  subscribers: readonly Pick<Subscriber, 'subscriptions'>[],
  now: Instant,
  freshSince?: Instant,
): BatchPapers {
  const subscriptions = subscribers.flatMap((subscriber) => subscriptionsOf(subscriber, cadence));
  const toLists = (chosen: readonly Subscription[]) =>
    chosen.flatMap((subscription) => listsToLoad(subscription, ports.lists));
  const together = new Set(toLists(subscriptions));
  const paperWindow = openPaperWindow(ports, LOOK_BACK_DAYS[cadence], now, { together, freshSince });
  const loadState = oncePerKey((source: SourceName) => ports.sourceStates.load(source));
  const loadCondition = oncePerKey(async (list: ListId): Promise<ListCondition | undefined> => {
    const known = ports.lists.includes(list) ? findList(list) : undefined;
    if (!known) return undefined;
    const state = await loadState(known.source);
    return toListCondition(state?.lists[list] ?? { failuresInARow: 0 }, known.calendar, now);
  });
  const findLateOf = new WeakMap<readonly ListDayPapers[], FindLate>();
  return {
    days: paperWindow.days,
    viewOf: (some) => paperWindow.view(toLists(some)),
    news: openNews(ports, paperWindow),
    async loadConditions(lists) {
      const found = await Promise.all(
        [...new Set(lists)].map(async (list) => [list, await loadCondition(list)] as const),
      );
      return new Map(found.flatMap(([list, condition]) => (condition ? [[list, condition] as const] : [])));
    },
    findLateIn(listDays) {
      const find = findLateOf.get(listDays) ?? createFindLate(listDays, now);
      findLateOf.set(listDays, find);
      return find;
    },
  };
}

/** Returns what a subscriber's digests of a cadence are made of. */
export function subscriptionsOf(
  { subscriptions }: Pick<Subscriber, 'subscriptions'>,
  cadence: Cadence,
): readonly Subscription[] {
  return subscriptions.filter((subscription) => subscription.cadence === cadence);
}
