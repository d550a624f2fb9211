import { createHash } from 'node:crypto';
import type { PaperId } from '../../domain/papers/paper.ts';
import { addMs, type Day, type Instant, utcDayOf } from '../../domain/time/time.ts';
import type { Validators } from '../../ports/http.ts';
import { toFeedId } from './paper-id.ts';
import type { FeedItem } from './parse-feed.ts';

/** What says which paper an item is, and of when. */
export interface ItemHead {
  readonly kind: 'head';
  /** The item, as it stands in the feed. */
  readonly item: FeedItem;
  /** The id that the paper gets if the feed has not had it before. */
  readonly id: PaperId;
  readonly arxivId: PaperId | undefined;
  readonly doi: string | undefined;
  readonly pageUrl: string | undefined;
  /** Empty if it has none. */
  readonly title: string;
  /** Undefined without a date, and for one in the future. */
  readonly at: Instant | undefined;
  /** A date that is in the future or cannot be read, as it stands there. */
  readonly unusableDate: string | undefined;
}

/** The items that a feed had when it was last read whole. */
export interface FeedMemory {
  /** `items` has all items of the feed with this date or a newer one. Undefined if none has a date. */
  readonly since?: Instant | undefined;
  /** One text for each item: the id of its paper, and hashes of its names, such as `feed-07f3b1c2d4e5f607 Zm9vYmFy 1aB_x-9Q`. */
  readonly items: readonly string[];
  /** What to ask with today. Undefined if the server names no validators. */
  readonly validators?: (Validators & { readonly day: Day }) | undefined;
}

/** An item, and whether the feed had it before. */
export interface RecognisedItem {
  readonly head: ItemHead;
  /** The id that the paper got when the feed first had it. It may differ from the id that the item would get now. */
  readonly id: PaperId;
  readonly isKnown: boolean;
}

/**
 * Recognises the items that a feed had before, by any of their names. A site may move its pages to other addresses, or add DOIs later. The
 * papers keep their first id all the same, so no reader gets them twice.
 *
 * A name that several items of the feed share, such as the title `Errata`, says nothing.
 *
 * @param memory undefined at the first read of a feed
 */
export function recogniseItems(
  heads: readonly ItemHead[],
  memory: FeedMemory | undefined,
): readonly RecognisedItem[] {
  const idOfName = new Map<string, PaperId>();
  for (const text of memory?.items ?? []) {
    const [id = '', ...names] = text.split(' ');
    for (const name of names) idOfName.set(name, id);
  }
  const isShared = findShared(heads);
  return heads.map((head) => {
    const name = namesOf(head).find((candidate) => idOfName.has(candidate) && !isShared(candidate));
    const knownId = name === undefined ? undefined : idOfName.get(name);
    return { head, id: knownId ?? head.id, isKnown: knownId !== undefined };
  });
}

/** Returns the memory of a feed that has these items. If they are too many, those with the newest dates. */
export function rememberItems(recognised: readonly RecognisedItem[], maxItems: number): FeedMemory {
  const isShared = findShared(recognised.map(({ head }) => head));
  const newestFirst = recognised.toSorted((a, b) => (b.head.at ?? LATEST).localeCompare(a.head.at ?? LATEST));
  const left = newestFirst[maxItems]?.head.at;
  return {
    since: left === undefined ? newestFirst.at(-1)?.head.at : addMs(left, 1),
    items: newestFirst
      .slice(0, maxItems)
      .map(({ head, id }) => [id, ...namesOf(head).filter((name) => !isShared(name))].join(' ')),
  };
}

/** Sorts after all dates. */
const LATEST = '9';

/** Shorter titles, such as `Errata` or `Issue information`, are often those of several papers. */
const MIN_TITLE_CHARS = 25;

/** Returns hashes of all that may identify an item. The one of its own id is first. */
function namesOf({ item: { guid }, id, arxivId, doi, pageUrl, title, at }: ItemHead): readonly string[] {
  const names = [
    ...[id, arxivId, doi && toFeedId(doi, ''), pageUrl && toFeedId(undefined, pageUrl)],
    guid && `guid ${guid}`,
    title.length >= MIN_TITLE_CHARS && `title ${at ? utcDayOf(at) : ''} ${title.toLowerCase()}`,
  ];
  return [...new Set(names.flatMap((name) => (name ? toHash(name) : [])))];
}

/** 48 bits. Two of the names that a deployment remembers are the same by chance with a likelihood of less than one in a million. */
function toHash(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 8);
}

/** Returns a function that says whether items with different ids have a name. */
function findShared(heads: readonly ItemHead[]): (name: string) => boolean {
  const owners = new Map<string, PaperId>();
  const shared = new Set<string>();
  for (const head of heads) {
    for (const name of namesOf(head)) {
      if ((owners.get(name) ?? head.id) !== head.id) shared.add(name);
      owners.set(name, head.id);
    }
  }
  return (name) => shared.has(name);
}
