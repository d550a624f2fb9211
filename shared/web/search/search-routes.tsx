import { Hono } from 'hono';
import type { ListId } from '../../domain/lists/lists.ts';
import { findDaysOf } from '../../domain/subscribers/cadence.ts';
import { type Clock, utcDayOf } from '../../domain/time/time.ts';
import { explainFault } from '../../matching/query/explain-fault.ts';
import { parseQueryCached } from '../../matching/query/parse-query-cached.ts';
import type { PaperSearch } from '../../ports/search.ts';
import { toPaperPath } from '../../presentation/paper-url.ts';
import type { Publication } from '../../presentation/publication.ts';
import { CARDS_PER_PAGE } from '../papers/page-cards.ts';
import { findResultPage, withListsReadHere } from '../papers/result-page.ts';
import { allowCaching } from '../parts/caching.ts';
import { SEARCH_PATH, toSearchPath } from '../paths/search-path.ts';
import { findPastedId, readSearch } from './read-search.ts';
import { SearchFaultPage } from './search-fault-page.tsx';
import { SearchPage } from './search-page.tsx';

interface Ports {
  readonly search: PaperSearch;
  readonly publication: Publication;
  readonly clock: Clock;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
}

/** The page of search results. Without a query it shows the newest papers. */
export function createSearchRoutes({ search, publication, clock, lists }: Ports): Hono {
  const app = new Hono();

  app.get(SEARCH_PATH, async (c) => {
    const { cursor, ...sent } = c.req.query();
    // The pages of days call this parameter `lists`.
    const named = (c.req.queries('lists') ?? []).join();
    if (named !== '' && !sent.list) {
      const { searchParams } = new URL(c.req.url);
      searchParams.delete('lists');
      searchParams.set('list', named);
      allowCaching(c, 'static');
      return c.redirect(`${SEARCH_PATH}?${searchParams}`, 302);
    }
    const pasted = findPastedId(sent.q ?? '');
    if (pasted !== undefined) {
      allowCaching(c, 'static');
      return c.redirect(toPaperPath(pasted), 302);
    }
    const read = readSearch({ ...sent, list: (c.req.queries('list') ?? []).join() }, lists);
    if ('fault' in read) {
      const { fault, query } = read;
      const words =
        fault.kind === 'query'
          ? { fault: explainFault(fault.error, lists), phrase: fault.phrase }
          : { other: fault };
      allowCaching(c, 'current');
      return c.html(<SearchFaultPage publication={publication} query={query} {...words} />, 400);
    }
    const { selection } = read;
    const answer = await findResultPage(search, {
      query: parseQueryCached(selection.query),
      lists: selection.lists,
      days: selection.month === undefined ? undefined : findDaysOf(selection.month),
      sort: selection.sort,
      limit: CARDS_PER_PAGE,
      cursor,
      withFacets: true,
      isVerbatim: selection.isVerbatim,
    });
    if (!answer) {
      const link = { path: toSearchPath(selection), text: 'Show the first page' };
      const other = { message: 'This page of results has expired.', link };
      allowCaching(c, 'current');
      return c.html(<SearchFaultPage publication={publication} other={other} query={selection.query} />, 400);
    }
    allowCaching(c, 'current');
    const facets = answer.facets && withListsReadHere(answer.facets, lists);
    const shown = { publication, selection, lists, cursor, answer: { ...answer, facets } };
    return c.html(<SearchPage {...shown} today={utcDayOf(clock.now())} />);
  });

  return app;
}
