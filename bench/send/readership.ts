import type { Paper, PaperId } from '../../shared/domain/papers/paper.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { utcDayOf } from '../../shared/domain/time/time.ts';
import { type Digest, selectSections } from '../../shared/matching/digest.ts';
import type { WindowPart } from '../../shared/matching/index/combine-parts.ts';
import { buildDayIndex } from '../../shared/matching/index/day-index.ts';
import { openDay } from '../../shared/matching/index/open-day.ts';
import { parseQueryCached } from '../../shared/matching/query/parse-query-cached.ts';
import { openWindow, type Window } from '../../shared/matching/window.ts';
import { createSubscriber, createSubscription } from '../../test/factories/subscribers.ts';
import { createRandom, pickOne } from '../../test/simulation/seeded-random.ts';
import { createQueryStream, createZipfPicker } from '../match/query-stream.ts';
import { varyPapers } from '../search/varied-papers.ts';
import { readRecordedPapers } from '../window/recorded-papers.ts';

const LIST = 'hf-daily';
const PAPERS_A_DAY = 40;
const POOL = 2_000;
const PAPERS_IN_DIGEST = 10;
const MAX_SENT = 3;
/** Number of subscribers whose query is drawn separately. */
const QUERIES_DEALT = 65_536;
/** The share of the subscribers without a query. */
const WITHOUT_QUERY = 0.3;
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Etc/UTC'];
const KNOWN_AT = '2026-01-07T06:10:00.000Z';
const COMPOSED_AT = '2026-01-07T07:00:00.000Z';

/** A subscriber, and the papers that were sent before. */
export interface Reader {
  readonly subscriber: Subscriber;
  readonly sent: readonly PaperId[];
}

/** Makes papers from recorded ones. Each has more votes than yesterday. */
export async function inventPapers(count: number): Promise<readonly Paper[]> {
  return varyPapers(await readRecordedPapers(), count).map(({ paper }) => withVotes(paper));
}

/** Opens a window of days with 40 papers each. */
export function openPapers(papers: readonly Paper[]): Window {
  const parts = Array.from({ length: Math.ceil(papers.length / PAPERS_A_DAY) }, (_, day): WindowPart => {
    const listed = papers.slice(day * PAPERS_A_DAY, (day + 1) * PAPERS_A_DAY);
    return { list: LIST, papers: listed, index: openDay(buildDayIndex(listed)) };
  });
  return openWindow(parts);
}

/**
 * Invents subscribers for papers. Three of ten have no query. The others have one of 2,000 that match ten papers or more, the popular
 * ones more often. Each has an address, a time zone, and papers that were sent before.
 *
 * @returns the subscriber with a number. The same number gives the same subscriber.
 */
export function inventReaders(papers: readonly Paper[]): (number: number) => Reader {
  const window = openPapers(papers);
  const stream = createQueryStream(papers, 1);
  const pool: string[] = [];
  while (pool.length < POOL) {
    const text = stream();
    const { total } = window.select({ query: parseQueryCached(text), lists: [LIST], limit: 1 });
    // A few papers more, because some were sent before.
    if (total >= PAPERS_IN_DIGEST + MAX_SENT) pool.push(text);
  }
  const pickPopular = createZipfPicker(POOL, createRandom(2));
  const queries = Array.from({ length: QUERIES_DEALT }, () => pool[pickPopular()] ?? '');

  return (number) => {
    const random = createRandom(number + 1);
    const query = random() < WITHOUT_QUERY ? '' : pickOne(queries, random);
    const sent = Array.from(
      { length: Math.floor(random() * (MAX_SENT + 1)) },
      () => pickOne(papers, random).id,
    );
    const subscriber = createSubscriber({
      id: `subscriber-${String(number).padStart(10, '0')}`,
      timeZone: pickOne(ZONES, random),
      subscriptions: [createSubscription({ query, maxPapers: PAPERS_IN_DIGEST })],
    });
    return { subscriber, sent };
  };
}

/** Selects the papers of a subscriber's digest, as a worker does. */
export function selectDigest({ subscriber, sent }: Reader, window: Window): Digest {
  const { sections } = selectSections(subscriber, 'daily', window, sent);
  return {
    subscriber,
    cadence: 'daily',
    period: utcDayOf(COMPOSED_AT),
    composedAt: COMPOSED_AT,
    sections,
    days: { first: '2026-01-04', last: '2026-01-07' },
    asOf: KNOWN_AT,
    news: [],
    late: new Map(),
    listConditions: new Map([[LIST, { state: 'fresh' }]]),
  };
}

/** A paper of yesterday whose votes grew since. */
function withVotes(paper: Paper): Paper {
  const { upvotes, comments } = paper;
  const voteCounts = [
    { at: '2026-01-06T06:10:00.000Z', upvotes: Math.floor(upvotes / 2), comments },
    { at: KNOWN_AT, upvotes, comments },
  ];
  return { ...paper, publishedAt: '2026-01-05T00:00:00.000Z', voteCounts };
}
