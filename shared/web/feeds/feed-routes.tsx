import { type Context, Hono } from 'hono';
import { findChosenList } from '../../domain/lists/list-choice.ts';
import {
  explainFaultLazily,
  findEnteredQueryFault,
  findQueryFault,
} from '../../matching/query/query-schema.ts';
import { parseListParam } from '../papers/read-selection.ts';
import { allowCaching } from '../parts/caching.ts';
import { showPage } from '../parts/notices.tsx';
import { findAllowedMethods } from '../parts/request.ts';
import { toNameFeed } from '../paths/feed-links.ts';
import { toUrlName } from '../paths/paper-paths.ts';
import type { WebAppPorts } from '../ports.ts';
import { trimQuery } from '../search/read-search.ts';
import type { Feed } from './feed.tsx';
import { loadListFeed, loadNameFeed, loadSearchFeed, loadTrendingFeed } from './load-feeds.ts';
import { loadPrivateFeed } from './private-feed.ts';
import { FEED_TYPES, feedFormats, writeFeed } from './write-feed.ts';

/** The feeds, as Atom and as JSON Feed. The end of the path chooses the format. */
export function createFeedRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  for (const format of feedFormats) {
    const answer = (c: Context, feed: Feed) => {
      allowEveryone(c);
      return send(c, feed);
    };
    const send = (c: Context, feed: Feed) =>
      c.body(writeFeed(feed, format, ports.publication), 200, { 'content-type': FEED_TYPES[format] });
    /** The parameter of a route that ends with the format, such as the id of a list, which can have a slash. */
    const file = `:name{.+\\.${format}}`;
    const nameOf = (c: Context) => (c.req.param('name') ?? '').slice(0, -format.length - 1);

    app.get(`/feeds/lists/${file}`, async (c) => {
      const list = findChosenList(nameOf(c), ports.lists);
      return list === undefined
        ? refuse(c, 404, 'no list with this name is read here')
        : answer(c, await loadListFeed(ports, list));
    });
    app.get(`/feeds/trending.${format}`, async (c) => answer(c, await loadTrendingFeed(ports)));
    app.get(`/feeds/search.${format}`, async (c) => {
      const query = trimQuery(c.req.query('q') ?? '');
      const fault = findEnteredQueryFault(query);
      // Feed readers still use URLs from before such a space was a fault.
      const isOld = fault?.kind === 'space-before-colon' && !findQueryFault(query);
      if (fault && !isOld) return refuse(c, 400, (await explainFaultLazily(fault, ports.lists)).message);
      const read = parseListParam((c.req.queries('list') ?? []).join(), ports.lists);
      if ('fault' in read) return refuse(c, 404, read.fault.message);
      return answer(c, await loadSearchFeed(ports, query, read.lists));
    });
    for (const kind of ['author', 'organisation'] as const) {
      app.get(`/feeds/${kind}s/${file}`, async (c) => {
        const feed = await loadNameFeed(ports, kind, toUrlName(nameOf(c)));
        if (!feed) return refuse(c, 404, `no paper here has this ${kind}`);
        if (!('usual' in feed)) return answer(c, feed);
        const { [format]: path } = toNameFeed(kind, feed.usual);
        allowEveryone(c);
        return c.redirect(path, 302);
      });
    }
    app.get(`/feeds/private/${file}`, async (c) => {
      const feed = await loadPrivateFeed(ports, nameOf(c));
      if (!feed) return showEnded(c, ports);
      allowCaching(c, 'private');
      return send(c, feed);
    });
  }
  app.all('/feeds/*', (c) => {
    const allowed = findAllowedMethods(app, c.req.path);
    if (allowed.length > 0) {
      c.header('allow', allowed.join(', '));
      return toProblem(c, 405, `a feed accepts only these methods: ${allowed.join(', ')}`);
    }
    const isOfFormat = feedFormats.some((format) => c.req.path.endsWith(`.${format}`));
    const expected = feedFormats.map((format) => `.${format}`).join(' or ');
    return toProblem(
      c,
      404,
      isOfFormat ? 'there is no such feed' : `expected an address that ends with ${expected}`,
    );
  });
  return app;
}

/** Lets caches keep the answer, and readers that run in a browser read it. */
function allowEveryone(c: Context): void {
  allowCaching(c, 'current');
  c.header('access-control-allow-origin', '*');
  c.header('access-control-expose-headers', 'ETag');
}

/** Answers for all readers of a feed, and for caches, with a problem document. */
function refuse(c: Context, status: 400 | 404, detail: string) {
  allowEveryone(c);
  return toProblem(c, status, detail);
}

const TITLES = { 400: 'Bad Request', 404: 'Not Found', 405: 'Method Not Allowed' } as const;

/** Answers with a problem document, because a program reads a feed. */
function toProblem(c: Context, status: keyof typeof TITLES, detail: string) {
  const problem = { type: 'about:blank', title: TITLES[status], status, detail };
  return c.body(JSON.stringify(problem), status, { 'content-type': 'application/problem+json' });
}

/** Feed readers stop asking after a 410. */
function showEnded(c: Context, ports: WebAppPorts) {
  return showPage(
    c,
    ports,
    'There is no feed at this address',
    <p>
      The address may be incomplete. Or it is no longer valid, because its subscription has ended or its old
      links were made invalid. The page of your subscriptions shows the address of your feed:{' '}
      <a href="/manage-link">ask for a link to it</a>.
    </p>,
    { status: 410 },
  );
}
