import { type ListId, listIdSchema } from '../../domain/lists.ts';
import type { Instant } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import { HttpError } from '../../ports/http.ts';
import type { Source, SourceAnswer, SourceRequest } from '../source.ts';
import type { FeedBody } from './read-items.ts';

export interface FeedSettings {
  /** The addresses of the feeds, by the name in the id of their list: `Distill` for `feed/Distill`. */
  readonly feeds?: Readonly<Record<string, string>> | undefined;
}

/**
 * Feeds of papers from the settings: RSS, Atom or JSON Feed. Each is a list of its own. A paper with an arXiv id is the same one as on
 * arXiv. Any other is identified by its DOI, or by its address.
 *
 * Each read asks for each feed once, one after another, that with the oldest successful read first. One that cannot be read costs itself.
 * The cursor holds the newest date that each feed had. It stays where it is if a feed cannot be read whole.
 */
export function createFeedSource({ feeds = {} }: FeedSettings = {}): Source {
  const addresses = new Map(
    Object.entries(feeds).map(([name, address]) => [`feed/${name}`, new URL(address)]),
  );
  return {
    name: 'feed',
    listsOnce: true,
    fetch: (request) => fetchFeeds(addresses, request),
  };
}

/** The hosts of the feeds, for the allow-list. A feed that moved to another host is not followed there. */
export function feedHosts({ feeds = {} }: FeedSettings = {}): readonly string[] {
  return Object.values(feeds).map((address) => new URL(address).host);
}

async function* fetchFeeds(
  addresses: ReadonlyMap<ListId, URL>,
  request: SourceRequest,
): AsyncGenerator<SourceAnswer> {
  const lists = inOrder(request);
  const newest = new Map(Object.entries(readCursor(request.cursor)).filter(([list]) => lists.includes(list)));

  // On demand, because the parsers are large, and the other sources do without them.
  const { readItems } = await import('./read-items.ts');
  for (const list of lists) {
    if (request.signal?.aborted) return;
    const url = addresses.get(list);
    const body = url ? await fetchBody(url, request) : { problem: 'the settings have no address for it' };
    const read = readItems(body, {
      list,
      feedUrl: url ?? NOWHERE,
      now: request.now,
      newestBefore: newest.get(list),
    });
    if (read.newest !== undefined && read.answer.problem === undefined) newest.set(list, read.newest);
    yield { ...read.answer, lists: [list], asked: list, cursor: JSON.stringify(Object.fromEntries(newest)) };
  }
}

/** Those that failed come last, because each may take minutes. Of the others, the one that was not read for the longest time is first. */
function inOrder({ lists, histories }: SourceRequest): readonly ListId[] {
  const keyOf = (list: ListId) => {
    const { failuresInARow = 0, lastSuccessAt = '' } = histories[list] ?? {};
    return `${failuresInARow > 0 ? 1 : 0} ${lastSuccessAt}`;
  };
  return lists.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

const NOWHERE = new URL('https://feed.invalid/');

const cursorSchema = z.record(listIdSchema, z.iso.datetime({ precision: 3 }));

/** Returns the newest date of each feed. Nothing for a text that this source did not write. */
function readCursor(cursor: string | undefined): Readonly<Record<ListId, Instant>> {
  return z.catch(z.pipe(jsonTextSchema, cursorSchema), {}).parse(cursor ?? '{}');
}

const jsonTextSchema = z.pipe(
  z.string(),
  z.transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      context.issues.push({ code: 'custom', message: 'no JSON', input: text });
      return z.NEVER;
    }
  }),
);

async function fetchBody(url: URL, { http, signal }: SourceRequest): Promise<FeedBody> {
  try {
    const { status, body } = await http.fetchText(url, signal);
    return status === 200 ? { body } : { problem: `HTTP ${status} from ${url.host}; expected 200` };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { body: error.received, problem: error.message };
  }
}
