import type { ListId } from '../../domain/lists.ts';
import { MAX_AUTHORS } from '../../domain/paper.ts';
import { parseUrl } from '../../domain/parse-url.ts';
import { addDays, type Day, type Instant, utcDayOf } from '../../domain/time.ts';
import { toTextOfHtml } from '../html-text.ts';
import { readInstant, readMailTime } from '../iso-time.ts';
import { checkFacts, MAX_TEXT_CHARS, MAX_TITLE_CHARS } from '../read-facts.ts';
import type { ItemNote, SourceItem } from '../source.ts';
import { toWebUrl } from '../web-url.ts';
import { readAuthors } from './authors.ts';
import { findNames, isArxivDoi, toFeedId } from './paper-id.ts';
import type { FeedItem } from './parse-feed.ts';

/** What an item is read with. */
export interface FeedItemContext {
  readonly list: ListId;
  /** The address of the feed. Links may be relative to it. */
  readonly feedUrl: URL;
  readonly now: Instant;
  /** The newest date in the feed at the last read. Undefined at the first one, and for a feed without dates. */
  readonly newestBefore: Instant | undefined;
}

/** What an item of a feed is. */
export type FeedItemReading =
  /** A paper that is on the list. */
  | {
      readonly kind: 'item';
      readonly item: SourceItem;
      readonly at: Instant | undefined;
      readonly correction: ItemNote | undefined;
    }
  /** An old item. It is no news. */
  | { readonly kind: 'old'; readonly at: Instant }
  | { readonly kind: 'rejection'; readonly rejection: ItemNote };

/** How many days back an item may be dated to be on the list at the first read of its feed. */
const RECENT_DAYS = 7;

/**
 * Reads one item of a feed. Without a title there is no paper, nor without a link to the web, a DOI or an arXiv id. All else may be
 * missing. See {@link findListingDay} for which items are on the list.
 *
 * @param position the place of the item in the feed, from 0
 */
export function readFeedItem(
  item: FeedItem | undefined,
  position: number,
  context: FeedItemContext,
): FeedItemReading {
  if (item === undefined) return reject(`#${position}`, 'it cannot be parsed');
  const { list, now } = context;
  const links = findLinks(item, context.feedUrl);
  const { arxivId, doi } = findNames([...item.identifiers, ...links]);
  const pageUrl = links[0] ?? (doi === undefined ? undefined : toWebUrl(`https://doi.org/${doi}`));
  if (arxivId === undefined && pageUrl === undefined)
    return reject(`#${position}`, 'it has no link; expected a web address, a DOI or an arXiv id');
  const id = arxivId ?? toFeedId(doi, pageUrl ?? '');

  const date = item.dates.map((text) => ({ text, at: readTime(text) })).find(({ at }) => at !== undefined);
  const isFuture = date?.at !== undefined && date.at > now;
  const at = isFuture ? undefined : date?.at;
  const day = findListingDay(at, context);
  if (day === undefined) return { kind: 'old', at: at ?? now };

  const title = toTextOfHtml(item.title ?? '', MAX_TITLE_CHARS);
  if (title === '') return reject(id, 'it has no title; expected a text');
  const authors = readAuthors(item.authors);
  const checked = checkFacts({
    ...{ source: 'feed', id, title, abstract: findAbstract(item.texts, title) },
    ...(authors.length > 0 && { authors: authors.slice(0, MAX_AUTHORS), authorCount: authors.length }),
    ...{ publishedAt: at, listedOn: day },
    // Papers of arXiv have a page there, and a DOI by arXiv says no more than the id.
    ...(arxivId === undefined ? { pageUrl, doi } : !isArxivDoi(doi) && { doi }),
  });
  if (!checked.facts) return reject(id, checked.problem);
  const { facts } = checked;
  return {
    kind: 'item',
    item: { facts, listings: [{ list, day, paperId: id, firstSeenAt: now }] },
    at,
    correction: isFuture
      ? { item: id, reason: `its date is ${JSON.stringify(date.text.slice(0, 60))}; used the day of reading` }
      : undefined,
  };
}

/**
 * Returns the day on which an item is on the list. Undefined if it is old.
 *
 * A feed often has all that its site ever published, and readers do not want it in a mail. So at the first read, only items of the last
 * seven days are on the list, each on its own day. Later reads add items that are newer than all before, and others of the last seven
 * days. Digests look a few days back, so such an item is on the list of today if its date is older than yesterday. An item without a
 * date, or with one in the future, is on the list of today.
 *
 * The source lists a paper only once, so an item that stays in its feed keeps the day on which it was first read.
 */
function findListingDay(at: Instant | undefined, { now, newestBefore }: FeedItemContext): Day | undefined {
  const today = utcDayOf(now);
  const day = at === undefined ? today : utcDayOf(at);
  if (at === undefined || day >= addDays(today, -1)) return day;
  const isRecent = day >= addDays(today, -RECENT_DAYS);
  if (newestBefore === undefined) return isRecent ? day : undefined;
  return isRecent || at > newestBefore ? today : undefined;
}

function readTime(text: string): Instant | undefined {
  return readInstant(text) ?? readMailTime(text);
}

/** Returns the addresses of an item that a browser can open. Those relative to the feed are made absolute. */
function findLinks({ links, base }: FeedItem, feedUrl: URL): readonly string[] {
  const from = base.reduce((outer, inner) => parseUrl(inner, outer)?.href ?? outer, feedUrl.href);
  return links.flatMap((text) => toWebUrl(parseUrl(text, from)?.href ?? '') ?? []);
}

/** An abstract has about so many characters at least. A shorter text may be a citation, or the beginning. */
const MIN_ABSTRACT_CHARS = 200;

/** What feeds write before an abstract. */
const LABEL = /^(?:arXiv:\S+ Announce Type: \S+ )?(?:abstract|summary)\s*[:.]\s*/i;

/** Returns the first text that is long enough for an abstract, or else the longest. */
function findAbstract(texts: readonly string[], title: string): string | undefined {
  const plain = texts
    .map((text) => toTextOfHtml(text, MAX_TEXT_CHARS).replace(LABEL, ''))
    .filter((text) => text !== '' && text !== title);
  const longest = plain.toSorted((a, b) => b.length - a.length)[0];
  return plain.find(({ length }) => length >= MIN_ABSTRACT_CHARS) ?? longest;
}

function reject(item: string, reason: string): FeedItemReading {
  return { kind: 'rejection', rejection: { item, reason } };
}
