import { runInNewContext } from 'node:vm';
import type { ListId } from '../../domain/lists/lists.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import { jsonTextOf } from '../../domain/text/json-text.ts';
import { addMs, utcDayOf } from '../../domain/time/time.ts';
import { daySchema, instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import { HttpError } from '../../ports/http.ts';
import type { ItemNote, Source, SourceAnswer, SourceRequest } from '../source.ts';
import type { FeedMemory } from './known-items.ts';
import type { FeedBody } from './read-items.ts';

export interface FeedSettings {
  /** The addresses of the feeds, by the name in the id of their list: `Distill` for `feed/Distill`. */
  readonly feeds?: Readonly<Record<string, string>> | undefined;
}

/**
 * Feeds of papers from the settings: RSS, Atom or JSON Feed. Each is a list of its own. A paper with an arXiv id is the same one as on
 * arXiv. Any other is identified by the DOI or the address that it had when the feed first had it.
 *
 * Each read asks for each feed once, one after another, that with the oldest successful read first. One that cannot be read costs itself.
 * So does one that takes very long to parse, which its site may intend. The cursor holds what each feed had when it was last read whole.
 *
 * @param longestParseMs how long parsing one feed may take
 */
export function createFeedSource(
  { feeds = {} }: FeedSettings = {},
  longestParseMs = LONGEST_PARSE_MS,
): Source {
  const addresses = new Map(
    Object.entries(feeds).map(([name, address]) => [`feed/${name}`, new URL(address)]),
  );
  return {
    name: 'feed',
    keepsFirstListing: true,
    fetch: (request) => fetchFeeds(addresses, longestParseMs, request),
    findFaults: (cursor) => readCursor(cursor).faults,
  };
}

/** The hosts of the feeds, for the allow-list. A feed that moved to another host is not followed there. */
export function feedHosts({ feeds = {} }: FeedSettings = {}): readonly string[] {
  return Object.values(feeds).map((address) => new URL(address).host);
}

async function* fetchFeeds(
  addresses: ReadonlyMap<ListId, URL>,
  longestParseMs: number,
  request: SourceRequest,
): AsyncGenerator<SourceAnswer> {
  const lists = inOrder(request);
  const memories = new Map(
    Object.entries(readCursor(request.cursor).memories).filter(([list]) => lists.includes(list)),
  );
  const maxRemembered = Math.floor(MAX_REMEMBERED / lists.length);

  // On demand, because the parsers are large, and the other sources do without them.
  const { readItems } = await import('./read-items.ts');
  for (const list of lists) {
    if (request.signal?.aborted) return;
    const url = addresses.get(list);
    const body = url
      ? await fetchBody(url, request, memories.get(list)?.validators)
      : { problem: 'the settings have no address for it' };
    const context = {
      list,
      feedUrl: url ?? NOWHERE,
      now: request.now,
      memory: memories.get(list),
      othersPapers: findPapersBefore(list, memories),
    };
    const read = (fetched: FeedBody) => readItems(fetched, context, maxRemembered);
    const { answer, memory } =
      runWithin(longestParseMs, () => read(body)) ??
      read({ problem: `it cannot be parsed within ${longestParseMs / 1000} s` });
    if (memory) memories.set(list, memory);
    yield { ...answer, lists: [list], asked: list, cursor: JSON.stringify(Object.fromEntries(memories)) };
  }
}

/** Returns the papers of the feeds whose ids sort before that of a list. So of two feeds that have a paper, the same one always wins. */
function findPapersBefore(list: ListId, memories: ReadonlyMap<ListId, FeedMemory>): ReadonlySet<PaperId> {
  const before = [...memories].filter(([other]) => other < list);
  return new Set(before.flatMap(([, { items }]) => items.map((text) => text.split(' ', 1).join())));
}

/** Those that failed come last, because each may take minutes. Of the others, the one that was not read for the longest time is first. */
function inOrder({ lists, histories }: SourceRequest): readonly ListId[] {
  const keyOf = (list: ListId) => {
    const { failuresInARow = 0, lastSuccessAt = '' } = histories[list] ?? {};
    return `${failuresInARow > 0 ? 1 : 0} ${lastSuccessAt}`;
  };
  return lists.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

/** A third of a processor parses the largest feed in half of this time. */
const LONGEST_PARSE_MS = 30_000;

/**
 * Returns what a function returns. Undefined if it takes longer, even if it would never end. Without this limit, one such feed would take all
 * the time of each run, and no run would save what it read of the others.
 */
function runWithin<Result>(timeoutMs: number, run: () => Result): Result | undefined {
  try {
    return runInNewContext('run()', { run }, { timeout: timeoutMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return undefined;
  }
}

const NOWHERE = new URL('https://feed.invalid/');

/**
 * How many items of all feeds together the cursor remembers. Each takes 70 bytes at most. An item of the table may have 400 KB, and this
 * one also has the histories of the lists.
 */
const MAX_REMEMBERED = 4_000;

const memorySchema = z.union([
  z.object({
    since: z.optional(instantSchema),
    items: z.readonly(z.array(z.string())),
    validators: z.optional(
      z.object({ day: daySchema, etag: z.optional(z.string()), lastModified: z.optional(z.string()) }),
    ),
  }),
  // Earlier releases stored the newest date of a feed. What is newer was not in the feed.
  z.pipe(
    instantSchema,
    z.transform((newest): FeedMemory => ({ since: addMs(newest, 1), items: [] })),
  ),
]);

/**
 * Returns the memory of each feed. An entry that cannot be read costs only itself. Its feed is read as if for the first time.
 */
function readCursor(cursor = '{}') {
  const stored = jsonTextOf(z.record(z.string(), z.unknown())).safeParse(cursor).data;
  const memories: Record<ListId, FeedMemory> = {};
  const faults: ItemNote[] = stored ? [] : [{ item: 'cursor', reason: `it is no object; ${READ_ANEW}` }];
  for (const [list, value] of Object.entries(stored ?? {})) {
    const { data: memory } = memorySchema.safeParse(value);
    if (memory) memories[list] = memory;
    else faults.push({ item: list, reason: `its memory cannot be read; ${READ_ANEW}` });
  }
  return { memories, faults };
}

const READ_ANEW = 'the feed is read as if for the first time';

/**
 * Reads a feed if it changed since the last read of this day. The first read of a day is always whole, because some servers never change
 * the validators of a feed.
 */
async function fetchBody(
  url: URL,
  { http, now, signal }: SourceRequest,
  known: FeedMemory['validators'],
): Promise<FeedBody> {
  const day = utcDayOf(now);
  try {
    const { status, body, validators } = await http.fetchText(url, signal, known?.day === day ? known : {});
    if (status === 304) return {};
    return status === 200
      ? { body, validators: validators && { ...validators, day } }
      : { problem: `HTTP ${status} from ${url.host}; expected 200` };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { body: error.received, problem: error.message };
  }
}
