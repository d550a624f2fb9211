import { Hono } from 'hono';
import pMap from 'p-map';
import { type DaySpan, findDaysOf } from '../../domain/cadence.ts';
import { findList, type ListId } from '../../domain/lists.ts';
import type { PaperId } from '../../domain/paper.ts';
import { type Clock, daysFrom, type Month, utcDayOf } from '../../domain/time.ts';
import type { Publication } from '../../mail/publication.ts';
import type { Telemetry } from '../../observability.ts';
import type { ListingRepository } from '../../ports/papers.ts';
import type { PaperSearch } from '../../ports/search.ts';
import { toPapersPath } from '../papers/paper-selection.ts';
import { toPaperPath } from '../papers/paths.ts';
import { allowCaching, cachingOfDay } from '../parts/caching.ts';

export interface SitemapPorts {
  readonly search: Pick<PaperSearch, 'search'>;
  readonly listings: Pick<ListingRepository, 'load'>;
  readonly publication: Pick<Publication, 'publicUrl'>;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'warn'>;
}

/**
 * The most addresses in a sitemap. If a month has more, those of its oldest days are left out, and a log line says so.
 *
 * @see https://www.sitemaps.org/protocol.html
 */
const MAX_ADDRESSES = 50_000;

/** Reads at the same time. A month of twenty lists takes 620. */
const CONCURRENCY = 10;

const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/** Returns the routes of the sitemaps: `/sitemap.xml` names the months with papers, `/sitemaps/2026-01.xml` the pages of one. */
export function createSitemapRoutes(ports: SitemapPorts): Hono {
  const { publication, clock, telemetry } = ports;
  const toUrl = (path: string) => new URL(path, publication.publicUrl).href.replaceAll('&', '&amp;');
  const app = new Hono();

  app.get('/sitemap.xml', async (c) => {
    const months = await findMonths(ports);
    const entries = months.map((month) => `<sitemap><loc>${toUrl(`/sitemaps/${month}.xml`)}</loc></sitemap>`);
    allowCaching(c, 'static');
    return c.body(`${XML_HEAD}<sitemapindex ${NAMESPACE}>${entries.join('')}</sitemapindex>`, 200, XML);
  });

  app.get('/sitemaps/:file{\\d{4}-(?:0[1-9]|1[0-2])\\.xml}', async (c) => {
    const month = c.req.param('file').slice(0, 'yyyy-mm'.length);
    const days = findDaysOf(month);
    // The search knows it in memory. Looking for the papers of any month would cost a read for each list and day.
    if (!days || !(await findMonths(ports)).includes(month)) return c.notFound();
    const today = utcDayOf(clock.now());
    const last = days.last < today ? days.last : today;
    const paths = await findPaths(ports, { ...days, last });
    if (paths.length > MAX_ADDRESSES)
      telemetry.warn('A sitemap has no room for all papers of its month', { month, addresses: paths.length });
    const entries = paths.slice(0, MAX_ADDRESSES).map((path) => `<url><loc>${toUrl(path)}</loc></url>`);
    allowCaching(c, cachingOfDay(days.last, today) === 'past' ? 'past' : 'static');
    return c.body(`${XML_HEAD}<urlset ${NAMESPACE}>${entries.join('')}</urlset>`, 200, XML);
  });
  return app;
}

const XML = { 'content-type': 'application/xml; charset=utf-8' };

/** Returns the months in which the lists had papers, newest first. */
async function findMonths({ search, lists }: SitemapPorts): Promise<readonly Month[]> {
  const { facets } = await search.search({
    query: { kind: 'all' },
    lists,
    sort: 'date',
    limit: 1,
    facets: true,
  });
  return (facets?.months ?? [])
    .map(({ value }) => value)
    .sort()
    .reverse();
}

/** Returns the addresses of the pages of some days and of their papers, newest day first. A paper counts once. */
async function findPaths(
  { listings, lists }: SitemapPorts,
  { first, last }: DaySpan,
): Promise<readonly string[]> {
  const days = daysFrom(first, last).toReversed();
  const wanted = days.flatMap((day) => lists.filter(findList).map((list) => ({ day, list })));
  const found = await pMap(
    wanted,
    async ({ day, list }) => ({ day, listed: await listings.load(list, day) }),
    {
      concurrency: CONCURRENCY,
    },
  );
  const paths = new Set<string>();
  for (const { day, listed } of found) {
    if (listed.length > 0) paths.add(toPapersPath({ day }));
    const ids: readonly PaperId[] = listed.map(({ paperId }) => paperId);
    for (const id of ids) paths.add(toPaperPath(id));
  }
  return [...paths];
}
