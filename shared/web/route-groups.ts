import type { Context, Handler, Hono } from 'hono';
import { loadOnFirstUse } from '../domain/once.ts';
import type { WebAppPorts } from './ports.ts';

/** Routes that a start does not load. The first request to one of their paths loads them. */
export interface RouteGroup {
  /** `/papers/*` includes `/papers`. */
  readonly paths: readonly string[];
  /** Imports the routes. A dynamic `import()` becomes a separate module of the bundle. */
  readonly load: () => Promise<(ports: WebAppPorts) => Hono>;
}

/** The HTTP API and one-click unsubscribing. They set their own limits for the size of a body. */
export const groupsWithOwnLimit: readonly RouteGroup[] = [
  {
    paths: ['/docs/*'],
    load: async () => (await import('./v1/reference-page.tsx')).createReferenceRoutes,
  },
  {
    paths: ['/v1/papers/*', '/v1/lists', '/v1/status'],
    load: async () => (await import('./v1/paper-groups.ts')).createPaperApi,
  },
  {
    paths: ['/v1/*'],
    load: async () => (await import('./v1/subscriber-groups.ts')).createSubscriberApi,
  },
  {
    paths: ['/unsubscribe/*'],
    load: async () => (await import('./manage/unsubscribe.tsx')).createUnsubscribeRoutes,
  },
];

/** An id as people write it: `2601.00001`, `2601.00001v2.pdf`, `arXiv:2601.00001`, `hep-ex/0307015`, `feed-0123456789abcdef`. */
const PAPER_ID = [
  '(?:[Aa]r[Xx]iv:)?',
  '(?:[0-9]{4}\\.[0-9]{4,5}|[a-z]+(?:-[a-z]+)?(?:\\.[A-Z][A-Z])?(?:/|%2[Ff])[0-9]{7}|feed-[0-9a-f]{16})',
  '(?:v[0-9]+)?(?:\\.pdf)?',
].join('');

/** All pages. A new page goes here, so that a start stays small. */
export const pageGroups: readonly RouteGroup[] = [
  {
    paths: ['/'],
    load: async () => (await import('./papers/front-page.tsx')).createFrontRoutes,
  },
  {
    paths: ['/sign-up'],
    load: async () => (await import('./sign-up/sign-up-page.tsx')).createSignUpRoutes,
  },
  {
    paths: [`/papers/:id{${PAPER_ID}}`],
    load: async () => (await import('./papers/paper/paper-routes.tsx')).createPaperRoutes,
  },
  {
    paths: ['/papers/*'],
    load: async () => (await import('./papers/day-routes.tsx')).createDayRoutes,
  },
  {
    paths: ['/authors/*', '/organisations/*', '/keywords/*'],
    load: async () => (await import('./papers/names/name-routes.tsx')).createNameRoutes,
  },
  {
    paths: ['/search'],
    load: async () => (await import('./search/search-routes.tsx')).createSearchRoutes,
  },
  {
    paths: ['/feeds/*'],
    load: async () => (await import('./feeds/feed-routes.tsx')).createFeedRoutes,
  },
  {
    paths: ['/status'],
    load: async () => (await import('./status/status-page.tsx')).createStatusRoutes,
  },
  {
    paths: ['/manage-link'],
    load: async () => (await import('./manage/mail-requests.tsx')).createManageLinkRoutes,
  },
  {
    paths: ['/confirm/*'],
    load: async () => (await import('./sign-up/confirm.tsx')).createConfirmRoutes,
  },
  {
    paths: ['/manage/*'],
    load: async () => (await import('./manage/routes.tsx')).createManageRoutes,
  },
  {
    paths: ['/mute/*'],
    load: async () => (await import('./mute/routes.tsx')).createMuteRoutes,
  },
  {
    paths: ['/your-data/*'],
    load: async () => (await import('./manage/data.tsx')).createDataRoutes,
  },
  {
    paths: ['/about'],
    load: async () => (await import('./about/about-page.tsx')).createAboutRoutes,
  },
  {
    paths: ['/about/search'],
    load: async () => (await import('./about/search-help.tsx')).createSearchHelpRoutes,
  },
  {
    paths: ['/about/trending'],
    load: async () => (await import('./about/sorting-page.tsx')).createSortingRoutes,
  },
  {
    paths: ['/sitemap.xml', '/sitemaps/*'],
    load: async () => (await import('./sitemaps/sitemap-routes.ts')).createSitemapRoutes,
  },
  {
    paths: ['/privacy'],
    load: async () => (await import('./about/privacy-page.tsx')).createPrivacyRoutes,
  },
];

/** Returns a handler that passes each request to an app. The first request loads the app. */
export function onDemand(load: () => Promise<Hono>): Handler {
  const open = loadOnFirstUse(load);
  return async (c: Context) => {
    // A HEAD request needs the headers of a GET, and they depend on the body. The outer app drops the body.
    const request = c.req.method === 'HEAD' ? new Request(c.req.raw, { method: 'GET' }) : c.req.raw;
    return (await open()).fetch(request, c.env);
  };
}
