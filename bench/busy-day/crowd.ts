import type { Subscriber, Subscription } from '../../shared/domain/subscribers/subscriber.ts';
import { createSubscriber, createSubscription } from '../../test/factories/subscribers.ts';
import { createRandom, type Random } from '../../test/simulation/seeded-random.ts';
import { createZipfPicker } from '../match/query-stream.ts';
import { CATEGORIES } from './papers.ts';

const MOST_LISTS = 12;
/** The share of subscribers who want all papers of their lists, and of those with a second subscription. */
const WITHOUT_QUERY = 0.3;
const WITH_SECOND = 0.25;

/** Where subscribers live, the most frequent zone first. */
const ZONES = [
  ...['America/New_York', 'Asia/Shanghai', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata'],
  ...['Europe/London', 'Asia/Tokyo', 'Europe/Paris', 'America/Chicago', 'Asia/Seoul'],
  ...['Europe/Zurich', 'America/Toronto', 'Asia/Singapore', 'Australia/Sydney', 'America/Sao_Paulo'],
  ...['Europe/Rome', 'Europe/Madrid', 'Asia/Jerusalem', 'Europe/Stockholm', 'Africa/Johannesburg'],
];
/** The hours of the digests. Most keep the default. */
const HOURS = [8, 8, 8, 8, 8, 8, 7, 9, 6, 18];

/**
 * Creates `count` subscribers with daily digests of 1 to 12 lists. Most have a query.
 *
 * @param nextQuery returns one query after the other
 */
export function* createCrowd(count: number, nextQuery: () => string): Generator<Subscriber> {
  const random = createRandom(3);
  const pickZone = createZipfPicker(ZONES.length, random);
  const pickCategory = createZipfPicker(CATEGORIES.length, random);
  const subscribe = (id: string, lists: readonly string[]): Subscription =>
    createSubscription({ id, lists: [...lists], query: random() < WITHOUT_QUERY ? '' : nextQuery() });
  for (let n = 0; n < count; n += 1) {
    const lists = pickLists(pickCategory, random);
    // The second one asks the same lists something else.
    const second = random() < WITH_SECOND ? [subscribe('s2', lists)] : [];
    yield createSubscriber({
      id: `reader-${String(n).padStart(6, '0')}`,
      timeZone: ZONES[pickZone()] ?? 'UTC',
      hour: HOURS[Math.floor(random() * HOURS.length)] ?? 8,
      subscriptions: [subscribe('s1', lists), ...second],
    });
  }
}

function pickLists(pick: () => number, random: Random): readonly string[] {
  const wanted = 1 + Math.floor(random() * MOST_LISTS);
  const categories = new Set<string>();
  while (categories.size < wanted) categories.add(CATEGORIES[pick()] ?? '');
  return [...categories].map((category) => `arxiv/${category}`);
}
