import type { PaperId } from '../../domain/papers/paper.ts';
import { type FeedItemContext, type FeedItemReading, readFeedItem, readHead } from './feed-item.ts';
import { type FeedMemory, recogniseItems, rememberItems } from './known-items.ts';
import { type FeedReading, parseFeedBody } from './parse-feed.ts';

/** More new items at a time are no feed of papers. The announcements of arXiv have 2,000 at most. */
const MAX_ITEMS = 2_000;

/** What arrived of a feed. */
export interface FeedBody {
  readonly body?: string | undefined;
  readonly validators?: FeedMemory['validators'];
  readonly problem?: string | undefined;
}

/**
 * Reads what arrived of a feed. Items that repeat a paper are left out, and so are old ones.
 *
 * @param maxRemembered how many items the memory has at most. It stays as it was if the feed has no items, or cannot be read whole
 */
export function readItems(
  { body, validators, problem }: FeedBody,
  context: FeedItemContext,
  maxRemembered: number,
) {
  const feed: FeedReading = body === undefined ? { items: [] } : parseFeedBody(body);
  const heads = feed.items.map((item, position) => readHead(item, position, context));
  const recognised = recogniseItems(
    heads.filter((head) => head.kind === 'head'),
    context.memory,
  );
  const readings = recognised.map((item) => readFeedItem(item, context));
  const items = new Map<PaperId, Extract<FeedItemReading, { kind: 'item' }>>();
  for (const reading of readings)
    if (reading.kind === 'item' && !items.has(reading.item.facts.id))
      items.set(reading.item.facts.id, reading);
  const kept = [...items.values()].slice(0, MAX_ITEMS);
  const tooMany = kept.length < items.size ? `it has more than ${MAX_ITEMS} new items` : undefined;
  const answer = {
    itemsRead: heads.length,
    items: kept.map(({ item }) => item),
    rejections: [...heads, ...readings].flatMap((reading) =>
      reading.kind === 'rejection' ? reading.rejection : [],
    ),
    corrections: kept.flatMap(({ correction }) => correction ?? []),
    isWholeIfEmpty: true,
    problem: problem ?? feed.problem ?? tooMany,
  };
  const isUsable = answer.problem === undefined && recognised.length > 0;
  const memory = isUsable ? { ...rememberItems(recognised, maxRemembered), validators } : context.memory;
  return { answer, memory };
}
