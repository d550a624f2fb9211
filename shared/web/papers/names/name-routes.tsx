import { type Context, Hono } from 'hono';
import type { ListId } from '../../../domain/lists.ts';
import { type Clock, utcDayOf } from '../../../domain/time.ts';
import type { Publication } from '../../../mail/publication.ts';
import { readQuery } from '../../../matching/query/read-query.ts';
import type { PaperSearch } from '../../../ports/search.ts';
import { allowCaching } from '../../parts/caching.ts';
import { showPage } from '../../parts/notices.tsx';
import { findResultPage } from '../../search/result-page.ts';
import { toSearchPath } from '../../search/search-address.ts';
import { CARDS_PER_PAGE } from '../page-cards.ts';
import { type NameKind, nameKinds, toAddressName, toNameFolder, toNamePath, toNameQuery } from '../paths.ts';
import { NamePage, type NameSort } from './name-page.tsx';
import { findSpellings } from './spellings.ts';

interface Ports {
  readonly search: PaperSearch;
  readonly publication: Publication;
  readonly clock: Clock;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
}

/** The pages of the papers of an author, of an organisation, and with a keyword. */
export function createNameRoutes(ports: Ports): Hono {
  const app = new Hono();
  for (const kind of nameKinds) {
    app.get(`${toNameFolder(kind)}/:name`, (c) => show(c, ports, kind, c.req.param('name')));
  }
  return app;
}

async function show(c: Context, ports: Ports, kind: NameKind, asked: string) {
  const name = toAddressName(asked);
  const query = toNameQuery(kind, name);
  if (query === undefined) return showNothing(c, ports, kind, name);
  const sort: NameSort = c.req.query('sort') === 'votes' ? 'votes' : 'date';
  const cursor = c.req.query('cursor');
  const request = { query: readQuery(query), sort, limit: CARDS_PER_PAGE, cursor, facets: true };
  const answer = await findResultPage(ports.search, request);
  // A later version may have other cursors.
  if (!answer) return c.redirect(toNamePath(kind, name) ?? toSearchPath({ query }), 302);
  if (answer.total === 0) return showNothing(c, ports, kind, name);

  const spellings = findSpellings(kind, name, answer.hits);
  const isKnown = spellings.some((one) => toAddressName(one) === name);
  const [best = name] = spellings;
  const bestPath = toNamePath(kind, best);
  // People write a name in another case, or the family name first.
  if (!isKnown && spellings.length > 0 && bestPath && cursor === undefined) return c.redirect(bestPath, 302);
  allowCaching(c, 'current');
  const shown = spellings.find((one) => toAddressName(one) === name) ?? name;
  return c.html(
    <NamePage
      publication={ports.publication}
      lists={ports.lists}
      today={utcDayOf(ports.clock.now())}
      {...{ kind, name: shown, query, sort, cursor, answer }}
      path={toNamePath(kind, shown) ?? c.req.path}
      canonicalPath={bestPath ?? c.req.path}
    />,
  );
}

const NOTHING: Readonly<Record<NameKind, string>> = {
  author: 'No papers by this author',
  organisation: 'No papers from this organisation',
  keyword: 'No papers with this keyword',
};

function showNothing(c: Context, site: { readonly publication: Publication }, kind: NameKind, name: string) {
  return showPage(
    c,
    site,
    NOTHING[kind],
    <p>
      Check the spelling{name !== '' && <> of “{name.slice(0, 80)}”</>}, or{' '}
      <a href={toSearchPath({ query: toSearchWords(name) })}>search all papers</a>.
    </p>,
    404,
  );
}

/** Returns the words of a name without signs of the query language. */
function toSearchWords(name: string): string {
  return name
    .slice(0, 80)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
