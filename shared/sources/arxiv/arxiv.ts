import { loadOnFirstUse } from '../../domain/once.ts';
import type { Source } from '../source.ts';
import { findFaults, findUnread } from './gap.ts';
import type { ArxivAddresses } from './read-arxiv.ts';

const FEED_URL = 'https://rss.arxiv.org/rss/';
const OAI_URL = 'https://oaipmh.arxiv.org/oai';
const QUERY_URL = 'https://export.arxiv.org/api/query';

const MAX_BACK_FILLED = 10_000;

/** A little more than the time limit of one request. A run has five minutes, and feeds of all categories take one. */
const PROBE_MS = 100_000;

export interface ArxivSettings {
  /**
   * Another address for all services: the feeds are at `/rss/`, OAI-PMH at `/oai`, the query API at `/api/query`.
   * @default the hosts of arXiv
   */
  readonly url?: string | undefined;
  /**
   * After this many records of missed batches, a run leaves the rest to the next one. Ingest holds the papers of a run in memory.
   * @default 10000
   */
  readonly maxBackFilled?: number | undefined;
  /**
   * If OAI-PMH was down in the last run, the first request to it gets this much time.
   * @default 100000
   */
  readonly probeMs?: number | undefined;
}

/**
 * Loads what reads the answers of arXiv. On demand, because the parser of XML is large, and the other sources do without it. A simulation
 * waits for it first, because its virtual time runs ahead meanwhile.
 */
export const loadArxivReaders = loadOnFirstUse(() => import('./read-arxiv.ts'));

/**
 * arXiv: a list for each category, with a batch from Monday to Friday.
 *
 * - The newest batch comes from the feeds of announcements, several categories in one request. A feed that has no more than what is
 *   known is not read again.
 * - Batches that were missed come from OAI-PMH, a request or more for each category.
 * - Papers that other sources name are looked up by the query API.
 * - New papers, and papers that were added to a category, are listed there. A new version is news of a known paper.
 *
 * If a request for a feed fails, the next run reads its categories again. If arXiv refuses a category, only that one fails. Missed
 * batches that cannot be read wait for a quarter of the time since they first failed, and for a day at most. After an hour of
 * failures they are read in parts, down to single days, so that a bad day holds up no other.
 *
 * @throws TypeError for a `url` that is no URL
 * @see https://info.arxiv.org/help/rss.html
 * @see https://info.arxiv.org/help/oa/index.html
 * @see https://info.arxiv.org/help/api/user-manual.html
 */
export function createArxivSource(settings: ArxivSettings = {}): Source {
  const addresses = toAddresses(settings);
  const { maxBackFilled = MAX_BACK_FILLED, probeMs = PROBE_MS } = settings;
  return {
    name: 'arxiv',
    keepsFirstListing: true,
    async *fetch(request) {
      const { fetchPlanned } = await loadArxivReaders();
      yield* fetchPlanned(addresses, { maxBackFilled, probeMs }, request);
    },
    async *backFill(request) {
      const { fetchAgain } = await loadArxivReaders();
      yield* fetchAgain(addresses, request);
    },
    findUnread,
    findFaults,
    async lookUp(request) {
      const { lookUp } = await loadArxivReaders();
      return lookUp(addresses.query, request);
    },
  };
}

/** The hosts that the source reads, for the allow-list. */
export function arxivHosts(settings: ArxivSettings = {}): readonly string[] {
  const { feeds, oai, query } = toAddresses(settings);
  return [...new Set([feeds.host, oai.host, query.host])];
}

function toAddresses({ url }: ArxivSettings): ArxivAddresses {
  if (url === undefined)
    return { feeds: new URL(FEED_URL), oai: new URL(OAI_URL), query: new URL(QUERY_URL) };
  const base = url.endsWith('/') ? url : `${url}/`;
  return { feeds: new URL('rss/', base), oai: new URL('oai', base), query: new URL('api/query', base) };
}
