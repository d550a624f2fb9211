import type { Clock, Timer } from '../../shared/domain/time/time.ts';
import { type Archive, arxivDayOf, createArchive } from './archive.ts';
import { type ArxivService, createFaults, type Fault, type Faults } from './faults.ts';
import { type FeedFormat, toErrorFeed, toFeed } from './feed-xml.ts';
import { answerOai } from './oai-xml.ts';
import { answerQuery } from './query-xml.ts';
import { type ArxivRequest, createRequestLog } from './requests.ts';

/** A model of arXiv on a clock that its owner sets. */
export interface ArxivModel {
  /** Adds papers to the batch of a day. Without one, the feeds of the day are empty, as at weekends and on holidays. */
  readonly announce: Archive['announce'];
  /** Adds papers that only the query API knows. */
  readonly add: Archive['add'];
  readonly faults: Pick<Faults, 'add' | 'delay'>;
  /** Every request. */
  readonly requests: readonly ArxivRequest[];
  /**
   * Answers as the network would, and records the request. It rejects like `fetch` if the connection breaks or the caller stops
   * waiting.
   */
  readonly fetch: typeof fetch;
  /** Returns a {@link fetch} over another network. */
  fetchOver(network: Network): typeof fetch;
}

/** Carries a request to arXiv and its answer back. `take` returns undefined if arXiv breaks the connection. */
type Network = (url: URL, take: () => Answer | undefined) => Promise<Answer | undefined>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long it takes, in milliseconds. */
  readonly delayMs: number;
}

export interface ArxivModelOptions {
  readonly clock: Clock;
  readonly timer: Timer;
  /** How many records an answer of OAI-PMH holds. @default 1000 */
  readonly pageSize?: number;
}

interface Content {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

const FEED_PATH = /^\/(rss|atom)\/([^/]+)$/;
const TOPIC = /^[a-z]+(-[a-z]+)?(\.[A-Za-z-]{2,})?$/;
const XML = 'text/xml; charset=utf-8';
const ATOM = 'application/atom+xml; charset=utf-8';

/** The share of a body that a truncated answer has. */
const PART = 0.6;

/**
 * Creates arXiv without papers. It answers for all hosts of arXiv, distinguished by their paths:
 *
 * - `/rss/cs.CL+cs.LG` and `/atom/cs.CL`: the feed of today's batch, rebuilt at midnight in New York
 * - `/oai`: OAI-PMH
 * - `/api/query`: single papers
 */
export function createArxiv(options: ArxivModelOptions): ArxivModel {
  const { clock, timer, pageSize = 1000 } = options;
  const archive = createArchive();
  const faults = createFaults(clock);
  const log = createRequestLog(clock);

  const answerFeed = (format: FeedFormat, query: string, fault: Fault | undefined): Content => {
    const feed = { format, query, day: arxivDayOf(clock.now()) };
    const type = `application/${format}+xml`;
    const topics = query.split('+');
    const unknown = topics.find((topic) => !TOPIC.test(topic));
    if (unknown !== undefined || fault?.kind === 'error feed')
      return { status: 400, type, body: toErrorFeed(feed, `Bad archive '${unknown ?? query}'.`) };
    return { type, body: toFeed({ ...feed, items: archive.itemsOf(feed.day, topics, faults.isLate) }) };
  };

  const answer = (url: URL): Answer | undefined => {
    const [, format, query = ''] = FEED_PATH.exec(decodeURIComponent(url.pathname)) ?? [];
    const service = serviceOf(url);
    const fault = service && faults.take(service);
    if (fault?.kind === 'no connection') return undefined;
    if (fault?.kind === 'status') {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      return { status: fault.status, headers, body: '', delayMs: 0 };
    }
    const toContent: Readonly<Record<ArxivService, () => Content>> = {
      feed: () => answerFeed(format === 'atom' ? 'atom' : 'rss', query, fault),
      oai: () => ({ type: XML, body: answerOai(archive, url.searchParams, clock.now(), pageSize) }),
      query: () => ({
        type: ATOM,
        ...answerQuery(archive, url.searchParams, clock.now(), fault?.kind === 'empty page'),
      }),
    };
    const {
      status = 200,
      type = 'text/plain',
      body,
    } = service ? toContent[service]() : { status: 404, body: 'Not Found' };
    return {
      status,
      headers: { 'content-type': type },
      body: fault?.kind === 'truncated' ? body.slice(0, Math.floor(body.length * PART)) : body,
      delayMs: fault?.kind === 'slow' ? fault.ms : 0,
    };
  };

  const fetchOver =
    (network: Network): typeof fetch =>
    async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const end = log.begin(url);
      try {
        const given = await network(url, () => answer(url)).catch((cause: unknown) => {
          throw new TypeError('fetch failed', { cause });
        });
        if (!given) throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
        if (given.delayMs > 0) await orAborted(timer.wait(given.delayMs), init?.signal);
        return new Response(given.body, { status: given.status, headers: given.headers });
      } finally {
        end();
      }
    };

  return {
    announce: archive.announce,
    add: archive.add,
    faults,
    requests: log.requests,
    fetch: fetchOver(async (_, take) => take()),
    fetchOver,
  };
}

function serviceOf({ pathname }: URL): ArxivService | undefined {
  if (FEED_PATH.test(pathname)) return 'feed';
  if (pathname === '/oai') return 'oai';
  return pathname === '/api/query' ? 'query' : undefined;
}

/** Waits, and rejects with the reason of a signal that fires before. */
function orAborted(wait: Promise<void>, signal: AbortSignal | null | undefined): Promise<void> {
  if (!signal) return wait;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void wait.then(resolve).finally(() => signal.removeEventListener('abort', abort));
  });
}
