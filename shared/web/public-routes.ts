/** Public pages that share a limit of requests and a cache policy. They are the same for everyone. */
export interface PublicRoutes {
  /** `/papers/*` includes `/papers`. */
  readonly paths: readonly string[];
  /** Every query parameter that a page reads, at most ten. CloudFront drops all others. */
  readonly parameters: readonly string[];
}

/** The header in which CloudFront names the reader's likely time zone, such as `Europe/Paris`. Only the form to sign up gets it. */
export const TIME_ZONE_HEADER = 'cloudfront-viewer-time-zone';

/** The header in which a browser says whether a form was on a page of the same site. */
export const FETCH_SITE_HEADER = 'sec-fetch-site';

/** The header in which a browser names the site of a form. */
export const ORIGIN_HEADER = 'origin';

/** The form to sign up. */
export const SIGN_UP_PATH = '/sign-up';

/** Every header that the form to sign up reads. CloudFront drops all others. */
export const SIGN_UP_HEADERS = ['content-type', FETCH_SITE_HEADER, ORIGIN_HEADER, TIME_ZONE_HEADER] as const;

/**
 * The pages that caches may keep. Infrastructure reads from here what CloudFront caches and what API Gateway limits separately. All
 * other paths belong to forms and to the pages of one subscriber: no shared cache sees them.
 */
export const publicRoutes = {
  front: {
    paths: ['/'],
    parameters: [],
  },
  papers: {
    paths: ['/papers/*', '/authors/*', '/organisations/*', '/keywords/*'],
    parameters: ['lists', 'q', 'days', 'page', 'day', 'sort', 'until', 'without', 'seen', 'cursor'],
  },
  search: {
    paths: ['/search'],
    parameters: ['q', 'sort', 'list', 'lists', 'month', 'verbatim', 'cursor'],
  },
  feeds: { paths: ['/feeds/*'], parameters: ['q', 'list'] },
  api: {
    paths: ['/v1/papers/*', '/v1/lists', '/v1/status', '/v1/openapi.json'],
    parameters: ['list', 'day', 'week', 'month', 'cursor', 'limit', 'q', 'sort', 'facets', 'verbatim'],
  },
  texts: {
    paths: [
      '/status',
      '/about/*',
      '/privacy',
      '/docs/*',
      '/robots.txt',
      '/favicon.svg',
      '/favicon.ico',
      '/apple-touch-icon.png',
      '/opensearch.xml',
      '/sitemap.xml',
      '/sitemaps/*',
    ],
    // The page of the status shows one list.
    parameters: ['list'],
  },
} as const satisfies Readonly<Record<string, PublicRoutes>>;

/** The generated images of shared links. Another function draws them. */
export const CARDS_PATH = '/cards/*';

/** Feeds whose URL only their subscriber knows. No shared cache keeps them. */
export const PRIVATE_FEEDS_PATH = '/feeds/private/*';
