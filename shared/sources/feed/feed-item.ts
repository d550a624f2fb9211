import type { ListId } from '../../domain/lists/lists.ts';
import { OTHER_FEED } from '../../domain/papers/fact-sources.ts';
import { MAX_AUTHORS, type PaperId } from '../../domain/papers/paper.ts';
import { parseUrl } from '../../domain/text/parse-url.ts';
import { readInstant, readMailTime } from '../../domain/time/iso-time.ts';
import { addDays, type Day, type Instant, utcDayOf } from '../../domain/time/time.ts';
import { toTextOfHtml } from '../html-text.ts';
import { checkFacts, MAX_TEXT_CHARS, MAX_TITLE_CHARS } from '../read-facts.ts';
import type { ItemNote, SourceItem } from '../source.ts';
import { toWebUrl } from '../web-url.ts';
import { readAuthors } from './authors.ts';
import type { FeedMemory, ItemHead, RecognisedItem } from './known-items.ts';
import { findNames, isArxivDoi, toFeedId } from './paper-id.ts';
import type { FeedItem } from './parse-feed.ts';

/** What an item is read with. */
export interface FeedItemContext {
  readonly list: ListId;
  /** The address of the feed. Links may be relative to it. */
  readonly feedUrl: URL;
  readonly now: Instant;
  /** The items that the feed had at the last read. Undefined at the first one. */
  readonly memory: FeedMemory | undefined;
  /** The papers of the feeds that go before this one. @default none */
  readonly othersPapers?: ReadonlySet<PaperId>;
}

/** What an item of a feed is. */
export type FeedItemReading =
  /** A paper that is on the list. */
  | { readonly kind: 'item'; readonly item: SourceItem; readonly correction: ItemNote | undefined }
  /** An old item. It is no news. */
  | { readonly kind: 'old' }
  | Rejection;

interface Rejection {
  readonly kind: 'rejection';
  readonly rejection: ItemNote;
}

/** How many days back an item may be dated to be on the list at the first read of its feed. */
const RECENT_DAYS = 7;

/**
 * Reads what identifies an item. Without a link to the web, a DOI or an arXiv id there is no paper. All else may be missing.
 *
 * @param position the place of the item in the feed, from 0
 */
export function readHead(
  item: FeedItem | undefined,
  position: number,
  { feedUrl, now }: FeedItemContext,
): ItemHead | Rejection {
  if (item === undefined) return reject(`#${position}`, 'it cannot be parsed');
  const links = findLinks(item, feedUrl);
  const { arxivId, doi } = findNames([...item.identifiers, ...links]);
  const pageUrl = links[0] ?? (doi === undefined ? undefined : toWebUrl(`https://doi.org/${doi}`));
  const id = arxivId ?? (pageUrl === undefined ? undefined : toFeedId(doi, pageUrl));
  if (id === undefined)
    return reject(`#${position}`, 'it has no link; expected a web address, a DOI or an arXiv id');
  const date = item.dates.map((text) => ({ text, at: readTime(text) })).find(({ at }) => at !== undefined);
  const isFuture = date?.at !== undefined && date.at > now;
  const wrongDate = isFuture ? date.text : undefined;
  return {
    kind: 'head',
    item,
    id,
    arxivId,
    doi,
    pageUrl,
    title: toTextOfHtml(item.title ?? '', MAX_TITLE_CHARS),
    at: isFuture ? undefined : date?.at,
    unusableDate: date ? wrongDate : item.dates[0],
  };
}

/** Reads an item as a paper. It needs a title. {@link findListingDay} decides which items are on the list. */
export function readFeedItem(recognised: RecognisedItem, context: FeedItemContext): FeedItemReading {
  const { head, id, isKnown } = recognised;
  const { item, title, at, arxivId, doi, pageUrl, unusableDate } = head;
  const day = findListingDay(recognised, context);
  if (day === undefined) return { kind: 'old' };
  if (title === '') return reject(id, 'it has no title; expected a text');
  const authors = readAuthors(item.authors);
  const checked = checkFacts({
    source: context.othersPapers?.has(id) ? OTHER_FEED : 'feed',
    id,
    title,
    abstract: findAbstract(item.texts, title),
    ...(authors.length > 0 && { authors: authors.slice(0, MAX_AUTHORS), authorCount: authors.length }),
    publishedAt: at,
    listedOn: day,
    // Papers of arXiv have a page there, and a DOI by arXiv says no more than the id.
    ...(id !== arxivId ? { pageUrl, doi } : !isArxivDoi(doi) && { doi }),
  });
  if (!checked.facts) return reject(id, checked.problem);
  const { facts } = checked;
  return {
    kind: 'item',
    item: { facts, listings: [{ list: context.list, day, paperId: id, firstSeenAt: context.now }] },
    correction:
      unusableDate === undefined || isKnown
        ? undefined
        : {
            item: id,
            reason: `its date is ${JSON.stringify(unusableDate.slice(0, 60))}; used the day of reading`,
          },
  };
}

/**
 * Returns the day on which an item is on the list. Undefined if it is old.
 *
 * A feed often has all that its site ever published, and readers do not want it in a mail. So at the first read, only items of the last
 * seven days are on the list, each on its own day. Later reads add others of the last seven days, and items that the feed did not have
 * before. An item that is older than all that the feed had is old: the site now shows more of its past.
 *
 * Digests look a few days back, so such an item is on the list of today if its date is older than yesterday. An item without a date, or
 * with one in the future, is on the list of today.
 *
 * The source lists a paper only once, so an item that stays in its feed keeps the day on which it was first read.
 */
function findListingDay(
  { head: { at }, isKnown }: RecognisedItem,
  { now, memory }: FeedItemContext,
): Day | undefined {
  const today = utcDayOf(now);
  const day = at === undefined ? today : utcDayOf(at);
  if (at === undefined || day >= addDays(today, -1)) return day;
  const isRecent = day >= addDays(today, -RECENT_DAYS);
  if (memory === undefined) return isRecent ? day : undefined;
  const isNew = !isKnown && memory.since !== undefined && at >= memory.since;
  return isRecent || isNew ? today : undefined;
}

function readTime(text: string): Instant | undefined {
  return readInstant(text) ?? readMailTime(text);
}

/** Returns the addresses of an item that a browser can open. Those relative to the feed are made absolute. */
function findLinks({ links, base }: FeedItem, feedUrl: URL): readonly string[] {
  const from = base.reduce((outer, inner) => parseUrl(inner, outer)?.href ?? outer, feedUrl.href);
  return links.flatMap((text) => toWebUrl(parseUrl(text, from)?.href ?? '') ?? []);
}

/** Minimum length of an abstract, in characters. A shorter text may be a citation, or the beginning. */
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

function reject(item: string, reason: string): Rejection {
  return { kind: 'rejection', rejection: { item, reason } };
}
