import { type Context, Hono } from 'hono';
import { utcDayOf } from '../../domain/time.ts';
import type { Publication } from '../../mail/publication.ts';
import { allowCaching, cachingOfDay } from '../parts/caching.ts';
import { showPage } from '../parts/notices.tsx';
import { findNeighbours, findNewestDay, loadPapers, type PaperPagePorts } from './load-papers.ts';
import { PapersPage } from './papers-page.tsx';
import { type AddressFault, parseLists, parseSelection } from './read-selection.ts';

/** The public pages of papers. `/papers` leads to the newest day, `/papers/<day>` shows one day or a few. */
export function createPaperRoutes(ports: PaperPagePorts & { readonly publication: Publication }): Hono {
  const app = new Hono({ strict: false });

  app.get('/papers', async (c) => {
    const read = parseLists(c.req.query('lists') ?? '', ports.lists);
    if ('fault' in read) return showFault(c, ports, read.fault);
    const newest = await findNewestDay(ports, read.lists);
    if (!newest) return showNoPapers(c, ports);
    allowCaching(c, 'current');
    return c.redirect(`/papers/${newest}${new URL(c.req.url).search}`, 302);
  });

  app.get('/papers/:day', async (c) => {
    const today = utcDayOf(ports.clock.now());
    const parsed = parseSelection({ ...c.req.query(), day: c.req.param('day') }, ports.lists, today);
    if ('fault' in parsed) return showFault(c, ports, parsed.fault);
    const { selection, page } = parsed;
    const [papers, neighbours] = await Promise.all([
      loadPapers(ports, selection, page),
      selection.days === 1 ? findNeighbours(ports, selection) : {},
    ]);
    if (page > papers.pageCount) {
      return showFault(c, ports, { status: 404, message: 'There is no page with this number.' });
    }
    allowCaching(c, cachingOfDay(selection.day, today));
    const lists = selection.lists.length > 0 ? selection.lists : ports.lists;
    return c.html(
      <PapersPage
        publication={ports.publication}
        {...{ selection, lists, today }}
        {...papers}
        {...neighbours}
      />,
    );
  });

  return app;
}

function showFault(
  c: Context,
  site: { readonly publication: Publication },
  { status, message }: AddressFault,
) {
  return showPage(
    c,
    site,
    status === 404 ? 'Page not found' : 'We cannot read this link',
    <p>
      {message} <a href="/papers">Read the newest papers</a>
    </p>,
    status,
  );
}

function showNoPapers(c: Context, site: { readonly publication: Publication }) {
  return showPage(
    c,
    site,
    'No papers yet',
    <p>
      We found no papers from the last month. <a href="/sign-up">Sign up</a> to get the next ones by mail.
    </p>,
  );
}
