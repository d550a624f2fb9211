import { type Clock, type Instant, msBetween } from '../../shared/domain/time.ts';

/** A request to arXiv. */
export interface ArxivRequest {
  /** Its path and query: `/rss/cs.CL+cs.LG`. */
  readonly path: string;
  readonly startedAt: Instant;
  /** When its answer was complete or its connection broke. Undefined until then. */
  readonly endedAt?: Instant | undefined;
}

export interface RequestLog {
  /** All requests, in the order in which they started. */
  readonly requests: readonly ArxivRequest[];
  /** Records the start of a request, and returns the function that records its end. */
  begin(url: URL): () => void;
}

export function createRequestLog(clock: Clock): RequestLog {
  const requests: ArxivRequest[] = [];
  return {
    requests,
    begin({ pathname, search }) {
      const position = requests.length;
      const request = { path: pathname + search, startedAt: clock.now() };
      requests.push(request);
      return () => {
        requests[position] = { ...request, endedAt: clock.now() };
      };
    },
  };
}

/** The shortest time between the starts of two requests that arXiv's terms of use allow. */
const INTERVAL_MS = 3000;

/**
 * Returns the breaches of arXiv's terms of use, in words. Requests may not start within three seconds of each other, or while another
 * is under way. A request without an end, such as that of a process that died, is under way for no time.
 *
 * @see https://info.arxiv.org/help/api/tou.html
 */
export function findBreaches(requests: readonly ArxivRequest[]): readonly string[] {
  const breaches: string[] = [];
  let before: ArxivRequest | undefined;
  let busyUntil = '';
  for (const request of requests) {
    const { path, startedAt, endedAt = startedAt } = request;
    const what = `GET ${path} at ${startedAt}`;
    const gapMs = before ? msBetween(before.startedAt, startedAt) : INTERVAL_MS;
    if (gapMs < INTERVAL_MS) breaches.push(`${what}, ${gapMs} ms after GET ${before?.path}`);
    if (startedAt < busyUntil) breaches.push(`${what}, while another request was under way`);
    if (endedAt > busyUntil) busyUntil = endedAt;
    before = request;
  }
  return breaches;
}
