import type { Clock, Instant } from '../../shared/domain/time/time.ts';

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
