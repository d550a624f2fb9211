import type { Listing } from '../../domain/listing.ts';
import { HttpError } from '../../ports/http.ts';
import type { BackFillRequest, SourceAnswer, SourceContent, SourceItem, SourceRequest } from '../source.ts';
import { type FeedItem, type FeedReading, parseFeed } from './announcement-feed.ts';
import { fillGap } from './back-fill.ts';
import { toFeedDay } from './batch-days.ts';
import { listOf, printCursor } from './gap.ts';
import { planReading, toRecheck, toWantedGap } from './plan-reading.ts';

export { lookUp } from './query-api.ts';

/** A feed of ten categories stays below its limit of 2,000 items on most days. */
const CATEGORIES_AT_ONCE = 10;

/** A run with feeds to read asks for so many pages of missed batches at most. Then there is time for the papers of today. */
const PAGES_BEFORE_FEEDS = 20;

/** A gap has thirty days at most. A page has a thousand records, and a category has fewer than a hundred thousand changes in that time. */
const MAX_PAGES = 100;

/** Where the services of arXiv are. */
export interface ArxivAddresses {
  readonly feeds: URL;
  readonly oai: URL;
  readonly query: URL;
}

const GIVEN_UP = 'given up, because it could not be read for 30 days. Run broadsheet backfill to read it';

const NOTHING = { itemsRead: 0, items: [], rejections: [], corrections: [] };

/** Reads the missed batches and the feeds that may have new papers. */
export async function* fetchPlanned(
  addresses: ArxivAddresses,
  maxBackFilled: number,
  request: SourceRequest,
): AsyncGenerator<SourceAnswer> {
  const plan = planReading(request);
  let { cursor } = plan;
  // Missed batches come first. A late feed has one of them again, and only known papers show that it is late.
  const maxPages = plan.feed.length > 0 ? PAGES_BEFORE_FEEDS : Number.POSITIVE_INFINITY;
  let [backFilled, pages] = [0, 0];
  let { histories } = request;
  const isEnough = () => backFilled >= maxBackFilled || pages >= maxPages;
  for (const { category, from, until } of plan.givenUp) {
    const about = { lists: [listOf(category)], asked: `${category} from ${from} to ${until}` };
    yield { ...NOTHING, ...about, saysNothingOfNewest: true, problem: GIVEN_UP, cursor: printCursor(cursor) };
  }
  for (const gap of plan.gaps) {
    if (request.signal?.aborted || isEnough()) break;
    for await (const { answer, left } of fillGap(gap, {
      ...request,
      url: addresses.oai,
      maxPages: MAX_PAGES,
    })) {
      const others = cursor.gaps.filter(
        ({ category, from }) => category !== gap.category || from !== gap.from,
      );
      const open = left ?? toRecheck(gap, request);
      cursor = { ...cursor, gaps: open ? [...others, open] : others };
      histories = withNewestDays(histories, answer.items);
      yield { ...answer, cursor: printCursor(cursor) };
      backFilled += answer.itemsRead;
      pages += 1;
      if (isEnough()) break;
    }
  }
  for (let at = 0; at < plan.feed.length; at += CATEGORIES_AT_ONCE) {
    const categories = plan.feed.slice(at, at + CATEGORIES_AT_ONCE);
    for await (const answer of readFeed(addresses.feeds, categories, { ...request, histories })) {
      yield { ...answer, cursor: printCursor(cursor) };
    }
  }
}

/** Returns the histories with the newest days that the items were listed on. */
function withNewestDays(
  histories: SourceRequest['histories'],
  items: readonly SourceItem[],
): SourceRequest['histories'] {
  const changed = { ...histories };
  for (const { list, day } of items.flatMap(({ listings }) => listings)) {
    const known = changed[list] ?? { failuresInARow: 0 };
    if (known.newestDay === undefined || day > known.newestDay) changed[list] = { ...known, newestDay: day };
  }
  return changed;
}

/** Reads a list again, from a day on. */
export async function* fetchAgain(
  addresses: ArxivAddresses,
  request: BackFillRequest,
): AsyncGenerator<SourceAnswer> {
  const gap = toWantedGap(request.list, request.from, request.cursor, request.now);
  for await (const { answer, left } of fillGap(gap, { ...request, url: addresses.oai, splitAfterMs: 0 })) {
    yield { ...answer, cursor: left && JSON.stringify(left) };
  }
}

/** Reads the feed of some categories. If it is refused, or has no room for all items, each half of them is read alone. */
async function* readFeed(
  base: URL,
  categories: readonly string[],
  request: SourceRequest,
): AsyncGenerator<SourceContent> {
  const about = { lists: categories.map(listOf), asked: `feed of ${categories.join('+')}` };
  const nothing = { ...NOTHING, ...about };
  if (request.signal?.aborted) {
    // It says nothing of the list. A failed read would.
    yield { ...nothing, saysNothingOfNewest: true, problem: 'not read: no time was left' };
    return;
  }
  const { fault, items, ...reading } = await fetchFeed(new URL(categories.join('+'), base), request);
  const isSplit = fault?.kind === 'refused' || fault?.kind === 'full';
  if (isSplit && categories.length > 1) {
    const half = Math.ceil(categories.length / 2);
    yield* readFeed(base, categories.slice(0, half), request);
    yield* readFeed(base, categories.slice(half), request);
    return;
  }
  const sourceItems = items.map((item) => toSourceItem(item, categories, request));
  yield { ...nothing, ...reading, items: sourceItems, isWholeIfEmpty: true, problem: fault?.what };
}

async function fetchFeed(url: URL, { http, signal }: SourceRequest): Promise<FeedReading> {
  try {
    return parseFeed(await http.fetchText(url, signal));
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const received = parseFeed({ status: 200, body: error.received ?? '' });
    return { ...received, fault: { kind: 'unusable', what: error.message } };
  }
}

/**
 * A new paper is listed on each category of the request that it names. A paper that was added to a category is not listed on its
 * primary category, which announced it before.
 */
function toSourceItem(
  { facts, type, announcedAt }: FeedItem,
  categories: readonly string[],
  { histories, now }: SourceRequest,
): SourceItem {
  if (type === 'replace' || type === 'replace-cross') return { facts, listings: [] };
  const [primary, ...others] = facts.categories ?? [];
  const named = type === 'new' ? [primary, ...others] : others;
  const listings = categories
    .filter((category) => named.includes(category))
    .map((category): Listing => {
      const list = listOf(category);
      const day = toFeedDay(announcedAt, histories[list]?.newestDay, now);
      return { list, day, paperId: facts.id, firstSeenAt: now };
    });
  const [listing] = listings;
  if (!listing) return { facts, listings };
  const isOwn = type === 'new' && primary !== undefined;
  return { facts: { ...facts, listedOn: listing.day }, listings, ...(isOwn && { ownList: listOf(primary) }) };
}
