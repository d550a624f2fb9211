import type { ArxivRequest } from '../local/arxiv/requests.ts';
import { type Instant, msBetween } from '../shared/domain/time/time.ts';

/** Requests for the same papers this close together are one look-up and its retries. */
const RETRIED_WITHIN_MS = 10 * 60_000;

/** The most papers that one request may ask for. */
const MAX_LOOKED_UP = 100;

/**
 * Returns the requests for single papers that are too many or too large, in words. Each run of ingest may look papers up once.
 *
 * @param runs when runs of ingest began, in order
 */
export function findExcessLookUps(
  requests: readonly ArxivRequest[],
  runs: readonly Instant[],
): readonly string[] {
  const lastAskedAt = new Map<string, Instant>();
  let lookUps = 0;
  return requests.flatMap(({ path, startedAt }) => {
    if (!path.startsWith('/api/query')) return [];
    const before = lastAskedAt.get(path);
    lastAskedAt.set(path, startedAt);
    const ids = new URLSearchParams(path.split('?')[1]).get('id_list')?.split(',') ?? [];
    const tooLarge = ids.length > MAX_LOOKED_UP ? [`${ids.length} papers at ${startedAt}`] : [];
    if (before !== undefined && msBetween(before, startedAt) < RETRIED_WITHIN_MS) return tooLarge;
    lookUps += 1;
    const allowed = runs.filter((run) => run <= startedAt).length;
    return lookUps > allowed
      ? [...tooLarge, `look-up ${lookUps} of ${allowed} runs at ${startedAt}`]
      : tooLarge;
  });
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
