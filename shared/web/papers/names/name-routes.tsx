import { type Context, Hono } from 'hono';
import type { ListId } from '../../../domain/lists/lists.ts';
import { type Clock, utcDayOf } from '../../../domain/time/time.ts';
import * as z from '../../../domain/zod.ts';
import { parseQueryCached } from '../../../matching/query/parse-query-cached.ts';
import { MAX_SEARCH_LIMIT, type PaperSearch, type SearchRequest } from '../../../ports/search.ts';
import type { Publication } from '../../../presentation/publication.ts';
import { toCountText } from '../../../presentation/wording.ts';
import { allowCaching } from '../../parts/caching.ts';
import { explainSorts } from '../../parts/link-fault.ts';
import { showLinkFault, showNothingHere } from '../../parts/nothing-here.tsx';
import {
  type NameKind,
  nameKinds,
  toNameFolder,
  toNamePath,
  toNameQuery,
  toUrlName,
} from '../../paths/paper-paths.ts';
import { toSearchPath } from '../../paths/search-path.ts';
import { CARDS_PER_PAGE } from '../page-cards.ts';
import { asksForFurtherPage, NO_PAGE } from '../read-selection.ts';
import { findResultPage } from '../result-page.ts';
import { judgeName } from './judge-name.ts';
import { NamePage, nameSorts } from './name-page.tsx';

interface Ports {
  readonly search: PaperSearch;
  readonly publication: Publication;
  readonly clock: Clock;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
}

const sortSchema = z.enum(nameSorts);

/** The pages of the papers of an author, of an organisation, and with a keyword. */
export function createNameRoutes(ports: Ports): Hono {
  const app = new Hono();
  for (const kind of nameKinds) {
    app.get(`${toNameFolder(kind)}/:name`, (c) => show(c, ports, kind, c.req.param('name')));
  }
  return app;
}

async function show(c: Context, ports: Ports, kind: NameKind, asked: string) {
  const name = toUrlName(asked);
  const query = toNameQuery(kind, name);
  if (query === undefined) return showUnknownName(c, ports, kind, name);
  const { data: sort } = sortSchema.safeParse(c.req.query('sort') || 'date');
  if (sort === undefined) {
    const link = {
      path: toNamePath(kind, name) ?? toSearchPath({ query }),
      text: 'Show the newest papers first',
    };
    return showLinkFault(c, ports, { status: 400, message: explainSorts(nameSorts), link });
  }
  const cursor = c.req.query('cursor');
  const request: SearchRequest = {
    query: parseQueryCached(query),
    sort,
    limit: CARDS_PER_PAGE,
    cursor,
    withFacets: true,
  };
  const answer = await findResultPage(ports.search, request);
  allowCaching(c, 'current');
  const redirectTo = (spelling: string) => {
    const path = toNamePath(kind, spelling) ?? toSearchPath({ query });
    return c.redirect(sort === 'date' || path.includes('?') ? path : `${path}?sort=${sort}`, 302);
  };
  // A later version may have other cursors.
  if (!answer) return redirectTo(name);
  let found = judgeName(kind, name, answer);
  if (found.kind === 'unsure' && cursor === undefined) {
    const wide = { query: parseQueryCached(query), sort: 'date', limit: MAX_SEARCH_LIMIT } as const;
    found = judgeName(kind, name, await ports.search.search(wide));
  }
  if (found.kind === 'unknown' && cursor === undefined)
    return showUnknownName(c, ports, kind, name, { query, total: answer.total });
  if (asksForFurtherPage(c.req.query('page'))) {
    const path = toNamePath(kind, name) ?? toSearchPath({ query });
    return showLinkFault(c, ports, { ...NO_PAGE, link: { path, text: 'Show the first page' } });
  }
  // People write a name in another case, with underscores, or the family name first.
  if (found.kind === 'misspelt' && cursor === undefined) return redirectTo(found.usual);
  const shown = found.kind === 'known' ? found.written : name;
  if (found.kind === 'known' && asked !== name && cursor === undefined) return redirectTo(shown);
  return c.html(
    <NamePage
      publication={ports.publication}
      lists={ports.lists}
      today={utcDayOf(ports.clock.now())}
      kind={kind}
      name={shown}
      query={query}
      sort={sort}
      cursor={cursor}
      answer={answer}
      path={toNamePath(kind, shown) ?? c.req.path}
      canonicalPath={toNamePath(kind, found.kind === 'known' ? found.usual : name) ?? c.req.path}
    />,
  );
}

const MAX_SHOWN_CHARS = 80;

const NOTHING: Readonly<Record<NameKind, string>> = {
  author: 'No papers by this author',
  organisation: 'No papers from this organisation',
  keyword: 'No papers with this keyword',
};

/** Says that no paper has a name, and links to the papers that have its words in a longer one. */
function showUnknownName(
  c: Context,
  site: { readonly publication: Publication },
  kind: NameKind,
  name: string,
  { query = '', total = 0 }: { readonly query?: string; readonly total?: number } = {},
) {
  allowCaching(c, 'current');
  const shown = name.slice(0, MAX_SHOWN_CHARS);
  return showNothingHere(
    c,
    site,
    NOTHING[kind],
    total > 0 ? (
      <p>
        No paper has the {kind} “{shown}”.{' '}
        <a href={toSearchPath({ query })}>
          {total === 1 ? 'See the paper' : `See ${toCountText(total, 'paper')}`} with similar {kind}s
        </a>
      </p>
    ) : (
      <p>
        Check the spelling{shown !== '' && <> of “{shown}”</>}, or{' '}
        <a href={toSearchPath({ query: toSearchWords(name) })}>search all papers</a>.
      </p>
    ),
  );
}

/** Returns the words of a name without signs of the query language. */
function toSearchWords(name: string): string {
  return name
    .slice(0, MAX_SHOWN_CHARS)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
