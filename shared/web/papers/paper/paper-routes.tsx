import { type Context, Hono } from 'hono';
import { findAbstractUrl, paperIdSchema } from '../../../domain/papers/paper.ts';
import { type Clock, utcDayOf } from '../../../domain/time/time.ts';
import { toPaperPath } from '../../../presentation/paper-url.ts';
import type { Publication } from '../../../presentation/publication.ts';
import { allowCaching } from '../../parts/caching.ts';
import { showNothingHere } from '../../parts/nothing-here.tsx';
import { loadPaper, type PaperPorts } from './load-paper.ts';
import { PaperPage } from './paper-page.tsx';

type Ports = PaperPorts & { readonly publication: Publication; readonly clock: Clock };

/** The page of one paper. A URL with a version or a file extension redirects to the plain one. */
export function createPaperRoutes(ports: Ports): Hono {
  const app = new Hono();

  app.get('/papers/:id{.+}', async (c) => {
    const asked = c.req.param('id');
    const parsed = paperIdSchema.safeParse(toPlainId(asked));
    if (!parsed.success) return showUnknown(c, ports, asked);
    const id = parsed.data;
    // A slash within the id may be encoded.
    if (c.req.path !== toPaperPath(id)) {
      allowCaching(c, 'static');
      return c.redirect(toPaperPath(id), 301);
    }
    const view = await loadPaper(ports, id);
    if (!view) return showUnknown(c, ports, id);
    allowCaching(c, 'current');
    return c.html(
      <PaperPage publication={ports.publication} today={utcDayOf(ports.clock.now())} {...view} />,
    );
  });

  return app;
}

/** Returns an id as people write it without its version: `arXiv:2601.00001v2.pdf` gives `2601.00001`. */
function toPlainId(text: string): string {
  return text.replace(/^arxiv:/i, '').replace(/(?:v\d+)?(?:\.pdf)?$/, '');
}

function showUnknown(c: Context, site: { readonly publication: Publication }, id: string) {
  const abstractUrl = findAbstractUrl(id);
  // It may be listed soon.
  allowCaching(c, 'current');
  return showNothingHere(
    c,
    site,
    'We do not know this paper',
    <>
      <p>It was on none of the lists that are read here, or its id is mistyped.</p>
      <p>
        {abstractUrl && (
          <>
            <a href={abstractUrl}>Look for {id} on arXiv</a>, or{' '}
          </>
        )}
        <a href="/search">{abstractUrl ? 'search the papers' : 'Search the papers'}</a>.
      </p>
    </>,
  );
}
