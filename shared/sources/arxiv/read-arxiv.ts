import type { Listing } from '../../domain/lists/listing.ts';
import { HttpError } from '../../ports/http.ts';
import type { BackFillRequest, SourceAnswer, SourceContent, SourceItem, SourceRequest } from '../source.ts';
import { type AnnouncementItem, type AnnouncementReading, parseFeed } from './announcement-feed.ts';
import { fillGap, NO_TIME } from './back-fill.ts';
import { toFeedDay } from './batch-days.ts';
import { type ArxivCursor, type Gap, listOf, printArxivCursor } from './gap.ts';
import { planReading, type ReadingPlan, toRecheck, toWantedGap } from './plan-reading.ts';

export { lookUp } from './query-api.ts';

/** A feed of ten categories stays below its limit of 2,000 items on most days. */
const CATEGORIES_AT_ONCE = 10;

/** Maximum number of pages of missed batches in a run with feeds to read. So there is time for the papers of today. */
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

/** After this many failed requests in a row, OAI-PMH counts as down. The other missed batches wait for the next run. */
const MAX_FAILURES_IN_A_ROW = 3;

/** How a run reads. */
interface ReadingLimits {
  /** A run that read this many records of missed batches leaves the others to the next one. */
  readonly maxBackFilled: number;
  /** If OAI-PMH was down in the last run, the first request to it gets this much time, its retries included. */
  readonly probeMs: number;
}

/** What a run of the source reads, and how far it is. */
interface Run extends ReadingLimits {
  readonly addresses: ArxivAddresses;
  readonly request: SourceRequest;
  readonly plan: ReadingPlan;
  cursor: ArxivCursor;
  histories: SourceRequest['histories'];
}

/**
 * Reads the missed batches and the feeds that may have new papers. Missed batches come first: a late feed has one of them again, and only
 * known papers show that it is late.
 */
export async function* fetchPlanned(
  addresses: ArxivAddresses,
  limits: ReadingLimits,
  request: SourceRequest,
): AsyncGenerator<SourceAnswer> {
  const plan = planReading(request);
  const { cursor } = plan;
  for (const { category, from, until } of plan.givenUp) {
    const about = { lists: [listOf(category)], asked: `${category} from ${from} to ${until}` };
    yield {
      ...NOTHING,
      ...about,
      saysNothingOfNewest: true,
      problem: GIVEN_UP,
      cursor: printArxivCursor(cursor),
    };
  }
  const run: Run = { ...limits, addresses, request, plan, cursor, histories: request.histories };
  yield* readGaps(run);
  yield* readFeeds(run);
}

/** Reads missed batches. If OAI-PMH was down in the last run, one failed request is enough. So it cannot use up the time of every run. */
async function* readGaps(run: Run): AsyncGenerator<SourceAnswer> {
  const { plan, request, addresses, maxBackFilled } = run;
  const maxPages = plan.feed.length > 0 ? PAGES_BEFORE_FEEDS : Number.POSITIVE_INFINITY;
  const maxFailures = run.cursor.isOaiDown ? 1 : MAX_FAILURES_IN_A_ROW;
  const probe = run.cursor.isOaiDown ? startTimeLimit(run.probeMs, request.signal) : undefined;
  let [backFilled, pages, failures] = [0, 0, 0];
  const isEnough = () => backFilled >= maxBackFilled || pages >= maxPages || failures >= maxFailures;
  try {
    for (const gap of plan.gaps) {
      if (request.signal?.aborted || isEnough()) return;
      const signal = probe?.signal ?? request.signal;
      const options = { ...request, signal, url: addresses.oai, maxPages: MAX_PAGES };
      let current: Gap | undefined = gap;
      for await (const { answer, left } of fillGap(gap, options)) {
        probe?.clear();
        const others = run.cursor.gaps.filter((open) => open !== current);
        current = left ?? toRecheck(gap, request);
        if (answer.problem === undefined) failures = 0;
        else if (answer.problem !== NO_TIME) failures += 1;
        const isOaiDown = failures >= maxFailures || (failures > 0 && request.signal?.aborted);
        run.cursor = { ...run.cursor, gaps: current ? [...others, current] : others, isOaiDown };
        run.histories = withNewestDays(run.histories, answer.items);
        yield { ...answer, cursor: printArxivCursor(run.cursor) };
        backFilled += answer.itemsRead;
        pages += 1;
        if (isEnough()) break;
      }
    }
  } finally {
    probe?.clear();
  }
}

/** Returns a signal that fires after a time, or with another one. */
function startTimeLimit(ms: number, outer?: AbortSignal): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  const signal = outer ? AbortSignal.any([outer, controller.signal]) : controller.signal;
  return { signal, clear: () => clearTimeout(timer) };
}

async function* readFeeds({ plan, request, addresses, ...run }: Run): AsyncGenerator<SourceAnswer> {
  for (let at = 0; at < plan.feed.length; at += CATEGORIES_AT_ONCE) {
    const categories = plan.feed.slice(at, at + CATEGORIES_AT_ONCE);
    const { histories, cursor } = run;
    for await (const answer of readFeed(addresses.feeds, categories, { ...request, histories })) {
      yield { ...answer, cursor: printArxivCursor(cursor) };
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

/** Reads the joint feed of several categories. If it is refused, or has no room for all items, each half of them is read alone. */
async function* readFeed(
  base: URL,
  categories: readonly string[],
  request: SourceRequest,
): AsyncGenerator<SourceContent> {
  const about = { lists: categories.map(listOf), asked: `feed of ${categories.join('+')}` };
  const nothing = { ...NOTHING, ...about };
  if (request.signal?.aborted) {
    // It says nothing of the list. A failed read would.
    yield { ...nothing, saysNothingOfNewest: true, problem: NO_TIME };
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

async function fetchFeed(url: URL, { http, signal }: SourceRequest): Promise<AnnouncementReading> {
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
  { facts, type, announcedAt }: AnnouncementItem,
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
