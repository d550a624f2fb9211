import { addDays, type Day, daysFrom, utcDayOf } from '../../domain/time/time.ts';
import { daySchema } from '../../domain/time/time-schemas.ts';
import { HttpError } from '../../ports/http.ts';
import type { BackFillRequest, Source, SourceAnswer, SourceContent, SourceRequest } from '../source.ts';
import { HF_PAGE_SIZE, type HfPage, type HfPageContext, parseHfPage } from './hf-page.ts';

/** Where Hugging Face gives its lists of daily papers. */
export const HF_DAILY_URL = 'https://huggingface.co/api/daily_papers';

/** Votes keep moving and papers are added for a day or two, so the days before today are always read again. */
const DAYS_READ_AGAIN = 3;

/** A list-day that could not be read for this long is given up. */
const MAX_DAYS_BACK = 30;

/** Far above the busiest day seen, which had 76 papers. An item on a page after these says that the pages do not end. */
const MAX_PAGES = 10;

const TOO_MUCH = `the pages do not end: more than ${MAX_PAGES * HF_PAGE_SIZE} items`;

export interface HfDailySettings {
  /** The address of the lists, for a mirror or a test. @default https://huggingface.co/api/daily_papers */
  readonly baseUrl?: string | undefined;
}

/**
 * Hugging Face Daily Papers: one list a day from Monday to Friday, with the first papers out by noon UTC.
 *
 * A read goes from the cursor's day to today in UTC, oldest day first. It covers at least the three days before today, and at most
 * thirty. The cursor is the newest day that was read completely, together with all days before it. If a day fails, the answer
 * reports a problem and the cursor stays, but later days are read. A broken list gives its complete items. HTTP 400 and 404 mean
 * "no list yet" only for today. For a past day they are a failure.
 *
 * The API allows 500 requests in five minutes. A run makes one or two requests for each day, one at a time.
 *
 * @throws TypeError for a `baseUrl` that is no URL
 * @see https://huggingface.co/docs/hub/rate-limits
 */
export function createHfDailySource({ baseUrl = HF_DAILY_URL }: HfDailySettings = {}): Source {
  const url = new URL(baseUrl);
  return {
    name: 'hf-daily',
    fetch: (request) => fetchSince(url, request),
    backFill: ({ list, from, ...request }) => fetchAgain(url, from, { ...request, lists: [list] }),
  };
}

/** The hosts that the source reads, for the allow-list: `['huggingface.co']`. */
export function hfDailyHosts({ baseUrl = HF_DAILY_URL }: HfDailySettings = {}): readonly string[] {
  return [new URL(baseUrl).host];
}

function fetchSince(url: URL, request: SourceRequest): AsyncGenerator<SourceAnswer> {
  const today = utcDayOf(request.now);
  const cursor = readCursor(request.cursor, today);
  return fetchDays(url, daysToRead(cursor, today), { ...request, cursor });
}

/**
 * Reads every day since `from`, or since where an earlier call ended. A day that fails costs only itself. The days that failed in earlier
 * calls come last.
 */
async function* fetchAgain(
  url: URL,
  from: Day,
  request: DaysRequest & Pick<BackFillRequest, 'failedDays'>,
): AsyncGenerator<SourceAnswer> {
  const { signal, failedDays = [] } = request;
  const today = utcDayOf(request.now);
  let { reached, failed } = readProgress(request.cursor, from, today) ?? {
    reached: addDays(from, -1),
    failed: [],
  };
  const toRetry = failed.filter((day) => !failedDays.includes(day));
  for (const day of [...daysFrom(addDays(reached, 1), today), ...toRetry]) {
    const cursor = printProgress({ reached, failed });
    for await (const { isLast, ...answer } of fetchDay(url, day, request)) {
      if (!isLast) {
        yield { ...answer, cursor };
        continue;
      }
      const isFailed = answer.problem !== undefined;
      if (isFailed && signal?.aborted) {
        yield { ...answer, cursor };
        return;
      }
      failed = [...failed.filter((failedDay) => failedDay !== day), ...(isFailed ? [day] : [])];
      if (day > reached) reached = day;
      const unreadDay = isFailed ? day : undefined;
      yield { ...answer, unreadDay, cursor: printProgress({ reached, failed }) };
    }
  }
}

/** How far a back-fill is. */
interface Progress {
  /** The newest day that was asked for. */
  readonly reached: Day;
  /** The days up to it that could not be read. That of the oldest request comes first. */
  readonly failed: readonly Day[];
}

function printProgress({ reached, failed }: Progress): string {
  return [reached, ...failed].join(' ');
}

/** Undefined for a text that a back-fill since this day did not write. */
function readProgress(cursor: string | undefined, from: Day, today: Day): Progress | undefined {
  const texts = cursor?.split(' ') ?? [];
  const days = texts.flatMap((text) => readCursor(text, today) ?? []);
  const [reached, ...failed] = days;
  const isOwn = days.length === texts.length && days.every((day) => day >= from);
  return reached !== undefined && isOwn ? { reached, failed } : undefined;
}

type DaysRequest = Omit<SourceRequest, 'histories'>;

async function* fetchDays(
  url: URL,
  days: readonly Day[],
  request: DaysRequest,
): AsyncGenerator<SourceAnswer> {
  let { cursor } = request;
  let isUnbroken = true;

  for (const day of days) {
    for await (const { isLast, ...answer } of fetchDay(url, day, request)) {
      isUnbroken &&= answer.problem === undefined;
      if (isLast && isUnbroken && (cursor === undefined || day > cursor)) cursor = day;
      yield { ...answer, cursor };
      if (answer.problem !== undefined && request.signal?.aborted) return;
    }
  }
}

/** A page of a day. */
interface DayPage extends SourceContent {
  /** Whether it ends the day, or what can be read of it. */
  readonly isLast: boolean;
}

async function* fetchDay(url: URL, day: Day, request: DaysRequest): AsyncGenerator<DayPage> {
  const { lists, now, signal } = request;
  const context: HfPageContext = { askedDay: day, now, seenIds: new Set() };
  for (let page = 0, isLast = false; !isLast; page++) {
    const asked = `${day} page ${page}`;
    if (signal?.aborted) {
      yield { ...NOTHING, lists, asked, problem: 'not read: no time was left', isLast: true };
      return;
    }
    const { isFull, ...read } = await fetchPage(toPageUrl(url, day, page), context, request);
    const isTooMuch = page === MAX_PAGES && read.itemsRead > 0;
    const problem = read.problem ?? (isTooMuch ? TOO_MUCH : undefined);
    isLast = !isFull || problem !== undefined;
    yield { ...read, lists, asked, problem, isLast };
  }
}

const NOTHING = { itemsRead: 0, items: [], rejections: [], corrections: [] };

/** Returns the day of a cursor. Undefined for a text that is no day, and for a future day. */
function readCursor(cursor: string | undefined, today: Day): Day | undefined {
  const day = daySchema.safeParse(cursor);
  return day.success && day.data <= today ? day.data : undefined;
}

function daysToRead(cursor: Day | undefined, today: Day): readonly Day[] {
  const latestStart = addDays(today, -DAYS_READ_AGAIN);
  const earliestStart = addDays(today, -MAX_DAYS_BACK);
  const start = cursor !== undefined && cursor < latestStart ? cursor : latestStart;
  return daysFrom(start < earliestStart ? earliestStart : start, today);
}

function toPageUrl(url: URL, day: Day, page: number): URL {
  const pageUrl = new URL(url);
  pageUrl.searchParams.set('date', day);
  pageUrl.searchParams.set('limit', String(HF_PAGE_SIZE));
  pageUrl.searchParams.set('p', String(page));
  return pageUrl;
}

async function fetchPage(url: URL, context: HfPageContext, { http, signal }: DaysRequest): Promise<HfPage> {
  try {
    return parseHfPage(await http.fetchText(url, signal), context);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const page = parseHfPage({ status: 200, body: error.received ?? '[]' }, context);
    return { ...page, problem: error.message };
  }
}
