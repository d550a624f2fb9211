import type { PaperId } from '../../domain/paper.ts';
import { type FeedItemContext, type FeedItemReading, readFeedItem } from './feed-item.ts';
import { type FeedReading, parseFeedBody } from './parse-feed.ts';

/** More new items at a time are no feed of papers. The announcements of arXiv have 2,000 at most. */
const MAX_ITEMS = 2_000;

/** What arrived of a feed. */
export interface FeedBody {
  readonly body?: string | undefined;
  readonly problem?: string | undefined;
}

/** Reads what arrived of a feed. Items that repeat a paper are left out, and so are old ones. */
export function readItems({ body, problem }: FeedBody, context: FeedItemContext) {
  const feed: FeedReading = body === undefined ? { items: [] } : parseFeedBody(body);
  const readings = feed.items.map((item, position) => readFeedItem(item, position, context));
  const items = new Map<PaperId, Extract<FeedItemReading, { kind: 'item' }>>();
  for (const reading of readings)
    if (reading.kind === 'item' && !items.has(reading.item.facts.id))
      items.set(reading.item.facts.id, reading);
  const kept = [...items.values()].slice(0, MAX_ITEMS);
  const tooMany = kept.length < items.size ? `it has more than ${MAX_ITEMS} new items` : undefined;
  const dates = readings.flatMap((reading) => (reading.kind === 'rejection' ? [] : (reading.at ?? [])));
  return {
    newest: [...dates, context.newestBefore ?? ''].sort().at(-1) || undefined,
    answer: {
      itemsRead: readings.length,
      items: kept.map(({ item }) => item),
      rejections: readings.flatMap((reading) => (reading.kind === 'rejection' ? reading.rejection : [])),
      corrections: kept.flatMap(({ correction }) => correction ?? []),
      problem: problem ?? feed.problem ?? tooMany,
    },
  };
}
