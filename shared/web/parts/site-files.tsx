import { Hono } from 'hono';
import { onFirstUse } from '../../domain/once.ts';
import { toPalettes } from '../../presentation/palette.ts';
import type { Publication } from '../../presentation/publication.ts';
import { shorten } from '../../presentation/reader-text.ts';
import { allowCaching } from './caching.ts';

/** The path of the icon. */
export const ICON_PATH = '/favicon.svg';

/** The path of the description with which browsers add the search. */
export const OPEN_SEARCH_PATH = '/opensearch.xml';

/** Paths at which browsers look for an icon without reading a page. */
const OTHER_ICON_PATHS = ['/favicon.ico', '/apple-touch-icon.png'] as const;

/** Crawlers that only read pages whose link is shared. */
const PREVIEWERS = ['facebookexternalhit', 'LinkedInBot', 'Slackbot-LinkExpanding', 'Twitterbot'] as const;

/**
 * The rules for crawlers. Papers and their lists are welcome, and the sitemap names them. Pages that need a token are not named, so
 * that crawlers can read their `noindex`. Otherwise a search engine could list their URLs. Search results and pages with
 * parameters are named, because there are too many of them to crawl. A site may still read such a page to show the title of a
 * shared link.
 */
function toRobots({ publicUrl }: Pick<Publication, 'publicUrl'>): string {
  return `${PREVIEWERS.map((name) => `User-agent: ${name}\n`).join('')}Disallow: /v1/

User-agent: *
Disallow: /v1/
Disallow: /search
Disallow: /feeds/search
Disallow: /*?

Sitemap: ${new URL('/sitemap.xml', publicUrl).href}
`;
}

/** Routes for the icon, robots.txt and the description of the search. */
export function createSiteFiles(publication: Publication): Hono {
  const icon = onFirstUse(() => toIcon(publication));
  const robots = toRobots(publication);
  const app = new Hono();
  app.get('/robots.txt', (c) => {
    allowCaching(c, 'static');
    return c.text(robots);
  });
  app.get(ICON_PATH, (c) => {
    allowCaching(c, 'static');
    return c.body(icon(), 200, { 'content-type': 'image/svg+xml' });
  });
  for (const path of OTHER_ICON_PATHS)
    app.get(path, (c) => {
      allowCaching(c, 'static');
      return c.redirect(ICON_PATH, 301);
    });
  app.get(OPEN_SEARCH_PATH, (c) => {
    allowCaching(c, 'static');
    return c.body(toOpenSearch(publication), 200, {
      'content-type': 'application/opensearchdescription+xml; charset=utf-8',
    });
  });
  return app;
}

/** A short name has at most 16 characters. */
const MAX_SHORT_NAME_CHARS = 16;

/**
 * The description of the search for browsers.
 *
 * @see https://github.com/dewitt/opensearch
 */
function toOpenSearch({ name, publicUrl }: Publication): string {
  const toXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const toUrl = (path: string) => toXml(new URL(path, publicUrl).href);
  return `<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>${toXml(shorten(name, MAX_SHORT_NAME_CHARS))}</ShortName>
<Description>${toXml(`Search the papers of ${name}`)}</Description>
<InputEncoding>UTF-8</InputEncoding>
<Image width="16" height="16" type="image/svg+xml">${toUrl(ICON_PATH)}</Image>
<Url type="text/html" template="${toUrl('/search')}?q={searchTerms}"/>
</OpenSearchDescription>
`;
}

/** The first letter of the publication's name on its accent colour. */
function toIcon({ name, accentColour, accentColourDark }: Publication): string {
  const { light } = toPalettes({ accentColour, accentColourDark });
  const [initial] = /[\p{L}\p{N}]/u.exec(name.toUpperCase()) ?? ['B'];
  const icon = (
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
      <title>{name}</title>
      <rect width="32" height="32" fill={light.accent} />
      <text
        x="16"
        y="24"
        fill={light.ground}
        font-family="Georgia, serif"
        font-size="23"
        font-weight="700"
        text-anchor="middle"
      >
        {initial}
      </text>
    </svg>
  );
  return icon.toString();
}
