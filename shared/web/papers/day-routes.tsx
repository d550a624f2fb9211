import { type Context, Hono } from 'hono';
import { EARLIEST_DAY } from '../../domain/lists/listing.ts';
import { type DaySpan, findDaysOf } from '../../domain/subscribers/cadence.ts';
import { countDays, utcDayOf } from '../../domain/time/time.ts';
import { ALL_PAPERS } from '../../matching/query/query.ts';
import { findNewestDay, openDaysWithPapers } from '../../pipeline/snapshots/days-with-papers.ts';
import { type PaperSelection, toFurtherPath, toPapersPath } from '../../presentation/papers-path.ts';
import type { Publication } from '../../presentation/publication.ts';
import { allowCaching, type Caching, cachingOfDay } from '../parts/caching.ts';
import type { LinkFault } from '../parts/link-fault.ts';
import { showLinkFault } from '../parts/nothing-here.tsx';
import { showPage } from '../parts/notices.tsx';
import type { WebAppPorts } from '../ports.ts';
import { findNeighbours, loadPapers, type PaperPagePorts, withStatesReadOnce } from './load-papers.ts';
import { loadTrending, TRENDING_DAYS } from './load-trending.ts';
import { CARDS_PER_PAGE } from './page-cards.ts';
import { PapersPage } from './papers-page.tsx';
import { PeriodPage } from './period-page.tsx';
import {
  firstDayOf,
  type PeriodKind,
  periodKinds,
  TRENDING_PATH,
  toPeriod,
  toPeriodPath,
} from './periods.ts';
import {
  asksForFurtherPage,
  NO_MORE_PAPERS,
  NO_PAGE,
  type PageRequest,
  parseListParam,
  parseSelection,
  toDayLink,
} from './read-selection.ts';
import { findResultPage } from './result-page.ts';
import { TrendingPage } from './trending-page.tsx';

type Ports = PaperPagePorts & Pick<WebAppPorts, 'publication' | 'defaults' | 'search'>;

/** A page, and how long caches keep it. */
interface Shown {
  readonly html: string;
  readonly caching: Caching;
}

/**
 * The public pages of papers. `/papers` redirects to the newest day or to the requested one, and `/papers/<day>` shows one day or a
 * few. `/papers/week/<week>`, `/papers/month/<month>` and `/papers/trending` show more. `/papers/<week>` and `/papers/<month>` redirect there.
 */
export function createDayRoutes(ports: Ports): Hono {
  const app = new Hono();
  const answer = (c: Context, shown: Shown | LinkFault) => {
    if ('message' in shown) return showLinkFault(c, ports, shown);
    allowCaching(c, shown.caching);
    return c.html(shown.html);
  };

  app.get('/papers', async (c) => {
    const { day, ...others } = c.req.query();
    if (day) {
      const parsed = parseSelection({ ...others, day }, ports.lists, utcDayOf(ports.clock.now()));
      return 'fault' in parsed
        ? showLinkFault(c, ports, parsed.fault)
        : c.redirect(toFurtherPath(parsed.selection, parsed.request.seen, parsed.request.page), 302);
    }
    const read = parseListParam(c.req.query('lists') ?? '', ports.lists);
    if ('fault' in read) return showLinkFault(c, ports, read.fault);
    const newest = await findNewestDay(ports, read.lists.length > 0 ? read.lists : ports.lists);
    if (!newest) return showNoPapers(c, ports);
    allowCaching(c, 'current');
    return c.redirect(`/papers/${newest}${new URL(c.req.url).search}`, 302);
  });

  /** Redirects to the page of the same days if a URL asks for lists or words, because only the pages of days can filter. */
  const redirectIfFiltered = (c: Context, { first, last }: DaySpan): Response | undefined => {
    const { lists, q = '' } = c.req.query();
    const today = utcDayOf(ports.clock.now());
    if (!(lists || q) || first > today) return undefined;
    const day = last < today ? last : today;
    const days = countDays(first, day);
    allowCaching(c, 'current');
    return c.redirect(toPapersPath({ day, days, lists: lists ? lists.split(',') : [], query: q }), 302);
  };

  const refuseNumber = (c: Context) =>
    asksForFurtherPage(c.req.query('page'))
      ? showLinkFault(c, ports, { ...NO_PAGE, link: { path: c.req.path, text: 'Show the first page' } })
      : undefined;

  app.get(TRENDING_PATH, async (c) => {
    const last = utcDayOf(ports.clock.now());
    const days = { first: firstDayOf({ day: last, days: TRENDING_DAYS }), last };
    return redirectIfFiltered(c, days) ?? refuseNumber(c) ?? answer(c, await showTrending(ports));
  });

  for (const kind of periodKinds) {
    app.get(`/papers/${kind}`, async (c) => {
      const newest = await findNewestDay(ports, ports.lists);
      allowCaching(c, 'current');
      const path = toPeriodPath(kind, toPeriod(kind, newest ?? utcDayOf(ports.clock.now())));
      return c.redirect(path + new URL(c.req.url).search, 302);
    });
    app.get(`/papers/${kind}/:period`, async (c) => {
      const [period, cursor] = [c.req.param('period'), c.req.query('cursor')];
      const days = isPeriod(kind, period) ? findDaysOf(period) : undefined;
      return (
        (days && (redirectIfFiltered(c, days) ?? refuseNumber(c))) ??
        answer(c, await showPeriod(ports, kind, period, cursor))
      );
    });
  }

  app.get('/papers/:day', async (c) => {
    const day = c.req.param('day');
    const kind = periodKinds.find((periodKind) => isPeriod(periodKind, day));
    if (kind) {
      allowCaching(c, 'static');
      return c.redirect(toPeriodPath(kind, day) + new URL(c.req.url).search, 302);
    }
    const today = utcDayOf(ports.clock.now());
    const parsed = parseSelection({ ...c.req.query(), day }, ports.lists, today);
    if ('fault' in parsed) return showLinkFault(c, ports, parsed.fault);
    return answer(c, await showDays(ports, parsed.selection, parsed.request));
  });

  return app;
}

async function showDays(
  site: Ports,
  selection: PaperSelection,
  asked: PageRequest,
): Promise<Shown | LinkFault> {
  const ports = withStatesReadOnce(site);
  const { publication, defaults } = ports;
  const today = utcDayOf(ports.clock.now());
  const [papers, neighbours] = await Promise.all([
    loadPapers(ports, selection, asked),
    selection.days === 1 ? findNeighbours(ports, selection) : {},
  ]);
  if (papers.page > papers.pageCount)
    return { ...(asked.seen.length > 0 ? NO_MORE_PAPERS : NO_PAGE), link: toDayLink(selection.day) };
  const lists = selection.lists.length > 0 ? selection.lists : ports.lists;
  const isNarrowed = selection.query !== '' || ports.lists.some((list) => !lists.includes(list));
  return {
    html: String(
      <PapersPage
        publication={publication}
        defaults={defaults}
        selection={selection}
        lists={lists}
        isNarrowed={isNarrowed}
        today={today}
        {...papers}
        {...neighbours}
      />,
    ),
    caching: cachingOfDay(selection.day, today),
  };
}

async function showTrending(ports: Ports): Promise<Shown> {
  const { publication, lists } = ports;
  const today = utcDayOf(ports.clock.now());
  const trending = await loadTrending(ports, lists, CARDS_PER_PAGE);
  return {
    html: String(<TrendingPage publication={publication} today={today} {...trending} />),
    caching: 'current',
  };
}

/** Returns whether a text is a period of this kind. */
function isPeriod(kind: PeriodKind, text: string): boolean {
  const days = findDaysOf(text);
  return days !== undefined && toPeriod(kind, days.last) === text;
}

async function showPeriod(
  ports: Ports,
  kind: PeriodKind,
  period: string,
  cursor: string | undefined,
): Promise<Shown | LinkFault> {
  const { publication, defaults, lists } = ports;
  const today = utcDayOf(ports.clock.now());
  const days = findDaysOf(period);
  if (!days || !isPeriod(kind, period)) {
    const example = kind === 'week' ? '2026-W02' : '2026-01';
    return { status: 404, message: `There is no such ${kind}. Use one such as ${example}.` };
  }
  if (days.first > today) return { status: 404, message: `This ${kind} is in the future.` };
  if (days.last < EARLIEST_DAY) return { status: 404, message: 'No papers are this old.' };

  const [before, after] = await Promise.all([
    openDaysWithPapers(ports, lists, days.first).then(({ previous }) => previous()),
    openDaysWithPapers(ports, lists, days.last).then(({ next }) => next()),
  ]);
  const page = { sort: 'votes', limit: CARDS_PER_PAGE, cursor, withFacets: true } as const;
  const request = { query: ALL_PAPERS, lists, days, ...page } as const;
  const answer = await findResultPage(ports.search, request);
  if (!answer)
    return {
      status: 404,
      message: 'This link is too old.',
      link: { path: toPeriodPath(kind, period), text: 'Show the first page' },
    };
  const neighbours = {
    previous: before && toPeriod(kind, before),
    next: after && toPeriod(kind, after),
  };
  return {
    html: String(
      <PeriodPage
        publication={publication}
        defaults={defaults}
        kind={kind}
        period={period}
        days={days}
        lists={lists}
        answer={answer}
        cursor={cursor}
        today={today}
        {...neighbours}
      />,
    ),
    caching: cachingOfDay(days.last, today),
  };
}

function showNoPapers(c: Context, site: { readonly publication: Publication }) {
  return showPage(
    c,
    site,
    'No papers yet',
    <p>
      We found no papers from the last month. <a href="/sign-up">Sign up</a> to get the next ones by email.
    </p>,
  );
}
