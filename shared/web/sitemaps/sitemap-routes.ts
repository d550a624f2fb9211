import { Hono } from 'hono';
import pMap from 'p-map';
import { findList, type ListId } from '../../domain/lists/lists.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import { type DaySpan, findDaysOf } from '../../domain/subscribers/cadence.ts';
import { addDays, type Clock, type Day, daysFrom, type Month, utcDayOf } from '../../domain/time/time.ts';
import { ALL_PAPERS } from '../../matching/query/query.ts';
import type { Telemetry } from '../../observability.ts';
import type { ListDayCache } from '../../pipeline/snapshots/list-day-cache.ts';
import type { ListingRepository } from '../../ports/papers.ts';
import type { PaperSearch } from '../../ports/search.ts';
import { SNAPSHOT_DAYS } from '../../ports/snapshots.ts';
import { toPaperPath } from '../../presentation/paper-url.ts';
import { SORTING_PATH, toPapersPath } from '../../presentation/papers-path.ts';
import type { Publication } from '../../presentation/publication.ts';
import { periodKinds, TRENDING_PATH, toPeriod, toPeriodPath } from '../papers/periods.ts';
import { allowCaching, cachingOfDay } from '../parts/caching.ts';
import { showLinkFault } from '../parts/nothing-here.tsx';

export interface SitemapPorts {
  readonly search: Pick<PaperSearch, 'search'>;
  readonly listings: Pick<ListingRepository, 'load'>;
  readonly listDays: Pick<ListDayCache, 'load'>;
  readonly publication: Publication;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'warn'>;
}

/**
 * The most URLs in a sitemap. If a month has more, those of its oldest days are left out, and a log line says so.
 *
 * @see https://www.sitemaps.org/protocol.html
 */
const MAX_URLS = 50_000;

/** The number of concurrent reads. A month of twenty lists takes 620. */
const CONCURRENCY = 10;

const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/**
 * Returns the routes of the sitemaps. `/sitemap.xml` names the others: `/sitemaps/pages.xml` has the pages that are always there, and
 * `/sitemaps/2026-01.xml` those of the papers of a month.
 */
export function createSitemapRoutes(ports: SitemapPorts): Hono {
  const { publication, clock, telemetry } = ports;
  const toUrl = (path: string) => new URL(path, publication.publicUrl).href.replaceAll('&', '&amp;');
  const write = (entries: readonly Entry[]) =>
    `${XML_HEAD}<urlset ${NAMESPACE}>${entries
      .map(({ path, changedOn }) => {
        const lastmod = changedOn === undefined ? '' : `<lastmod>${changedOn}</lastmod>`;
        return `<url><loc>${toUrl(path)}</loc>${lastmod}</url>`;
      })
      .join('')}</urlset>`;
  const app = new Hono();

  app.get('/sitemap.xml', async (c) => {
    const months = await findMonths(ports);
    const entries = ['pages', ...months].map(
      (name) => `<sitemap><loc>${toUrl(`/sitemaps/${name}.xml`)}</loc></sitemap>`,
    );
    allowCaching(c, 'static');
    return c.body(`${XML_HEAD}<sitemapindex ${NAMESPACE}>${entries.join('')}</sitemapindex>`, 200, XML);
  });

  app.get('/sitemaps/pages.xml', (c) => {
    allowCaching(c, 'static');
    return c.body(write(STANDING_PAGES), 200, XML);
  });

  app.get('/sitemaps/:file{\\d{4}-(?:0[1-9]|1[0-2])\\.xml}', async (c) => {
    const month = c.req.param('file').slice(0, 'yyyy-mm'.length);
    const days = findDaysOf(month);
    // The search knows it in memory. Looking for the papers of any month would cost a read for each list and day.
    if (!days || !(await findMonths(ports)).includes(month)) {
      const link = { path: '/sitemap.xml', text: 'See all sitemaps' };
      return showLinkFault(c, ports, { status: 404, message: 'This month has no sitemap.', link });
    }
    const today = utcDayOf(clock.now());
    const last = days.last < today ? days.last : today;
    const pages = await findPages(ports, { ...days, last });
    if (pages.length > MAX_URLS)
      telemetry.warn('A sitemap has no room for all papers of its month', { month, addresses: pages.length });
    allowCaching(c, cachingOfDay(days.last, today) === 'past' ? 'past' : 'static');
    return c.body(write(pages.slice(0, MAX_URLS)), 200, XML);
  });
  return app;
}

const XML = { 'content-type': 'application/xml; charset=utf-8' };

/** Returns the months in which the lists had papers, newest first. */
async function findMonths({ search, lists }: SitemapPorts): Promise<readonly Month[]> {
  const { facets } = await search.search({
    query: ALL_PAPERS,
    lists,
    sort: 'date',
    limit: 1,
    withFacets: true,
  });
  return (facets?.months ?? [])
    .map(({ value }) => value)
    .sort()
    .reverse();
}

/** A page in a sitemap. */
interface Entry {
  readonly path: string;
  /** The day of its last change. Undefined if unknown. */
  readonly changedOn?: Day | undefined;
}

/** The pages that always show the newest papers, and the explanations. */
const STANDING_PAGES: readonly Entry[] = [
  ...['/', TRENDING_PATH, '/status', '/about', '/about/search', SORTING_PATH, '/docs'],
].map((path) => ({ path }));

/**
 * Returns the pages of the given days, their weeks and month, and their papers, newest day first. Each paper has one entry.
 *
 * A page of papers changes when one is listed. The page of a paper also changes when its texts do. Votes do not count, because they
 * change all the time. The page of an archived paper has no date, because it is unknown when its texts changed.
 */
async function findPages(ports: SitemapPorts, { first, last }: DaySpan): Promise<readonly Entry[]> {
  const { listings, lists } = ports;
  const days = daysFrom(first, last).toReversed();
  const wanted = days.flatMap((day) => lists.filter(findList).map((list) => ({ day, list })));
  const [found, textChanges] = await Promise.all([
    pMap(wanted, async ({ day, list }) => ({ day, listed: await listings.load(list, day) }), {
      concurrency: CONCURRENCY,
    }),
    loadTextChanges(ports, { first, last }),
  ]);
  const changes = new Map<string, Day | undefined>();
  const add = (path: string, at: Day | undefined) => {
    const known = changes.get(path);
    changes.set(path, known === undefined || (at !== undefined && at > known) ? at : known);
  };
  for (const { day, listed } of found) {
    for (const { paperId, firstSeenAt } of listed) {
      const listedOn = utcDayOf(firstSeenAt);
      add(toPapersPath({ day }), listedOn);
      for (const kind of periodKinds) add(toPeriodPath(kind, toPeriod(kind, day)), listedOn);
      const textChangedOn = textChanges.get(paperId);
      add(toPaperPath(paperId), textChangedOn && (textChangedOn > listedOn ? textChangedOn : listedOn));
    }
  }
  return [...changes].map(([path, changedOn]) => ({ path, changedOn }));
}

/** Returns when the texts of the papers in memory last changed. */
async function loadTextChanges(
  { listDays, lists, clock }: SitemapPorts,
  { first, last }: DaySpan,
): Promise<ReadonlyMap<PaperId, Day>> {
  const oldest = addDays(utcDayOf(clock.now()), -SNAPSHOT_DAYS);
  if (last < oldest) return new Map();
  const from = first > oldest ? first : oldest;
  const loaded = await Promise.all(lists.map((list) => listDays.load(list, from, last)));
  const papers = loaded.flat().flatMap((listDay) => listDay.papers);
  return new Map(
    papers.map(({ id, textChangedAt, firstSeenAt }) => [id, utcDayOf(textChangedAt ?? firstSeenAt)]),
  );
}
