import { generateAtomFeed, generateJsonFeed } from 'feedsmith';
import type { Publication } from '../../presentation/publication.ts';
import { ICON_PATH } from '../parts/site-files.tsx';
import type { Feed, FeedEntry } from './feed.tsx';

/** The formats of feeds, by the end of their paths. */
export const feedFormats = ['atom', 'json'] as const;

export type FeedFormat = (typeof feedFormats)[number];

/** The types of the formats. */
export const FEED_TYPES: Readonly<Record<FeedFormat, string>> = {
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** Returns a feed as text. */
export function writeFeed(feed: Feed, format: FeedFormat, publication: Publication): string {
  const site = withoutNoncharacters(publication);
  const cleaned = withoutNoncharacters(feed);
  return format === 'atom' ? writeAtom(cleaned, site) : writeJson(cleaned, site);
}

/**
 * Returns a value without two characters that XML forbids. The library would write them as they are. The texts of papers have no other
 * forbidden ones left.
 */
function withoutNoncharacters<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part === 'string' ? part.replace(/[\ufffe\uffff]/g, '') : part,
  );
}

/** @see https://www.rfc-editor.org/rfc/rfc4287 */
function writeAtom(feed: Feed, publication: Publication): string {
  const { link, pagePath } = feed;
  const toUrl = (path: string) => new URL(path, publication.publicUrl).href;
  return generateAtomFeed({
    id: feed.id,
    title: { value: feed.title },
    subtitle: { value: feed.description },
    updated: new Date(feed.updatedAt),
    // Entries of papers whose authors are unknown have this one.
    authors: [{ name: publication.name, uri: toUrl('/') }],
    generator: { text: 'Broadsheet' },
    icon: toUrl(ICON_PATH),
    links: [
      { rel: 'self', href: toUrl(link.atom), type: 'application/atom+xml' },
      { rel: 'alternate', href: toUrl(pagePath), type: 'text/html' },
    ],
    entries: feed.entries.map((entry) => ({
      id: entry.id,
      title: { value: entry.title },
      published: new Date(entry.publishedAt),
      updated: new Date(entry.updatedAt),
      authors: entry.authors.map((name) => ({ name })),
      categories: entry.tags.map((tag) => ({ term: tag })),
      links: [{ rel: 'alternate', href: entry.url, type: 'text/html' }, ...toRelated(entry)],
      content: { value: entry.html, type: 'html' },
    })),
  });
}

function toRelated({ ownPage }: FeedEntry) {
  return ownPage ? [{ rel: 'related', href: ownPage.url, type: 'text/html', title: ownPage.site }] : [];
}

/** @see https://www.jsonfeed.org/version/1.1/ */
function writeJson({ link, pagePath, ...feed }: Feed, publication: Publication): string {
  const toUrl = (path: string) => new URL(path, publication.publicUrl).href;
  const json = generateJsonFeed({
    title: feed.title,
    home_page_url: toUrl(pagePath),
    feed_url: toUrl(link.json),
    description: feed.description,
    favicon: toUrl(ICON_PATH),
    language: 'en',
    authors: [{ name: publication.name, url: toUrl('/') }],
    items: feed.entries.map((entry) => ({
      id: entry.id,
      url: entry.url,
      ...(entry.ownPage && { external_url: entry.ownPage.url }),
      title: entry.title,
      content_html: entry.html,
      date_published: new Date(entry.publishedAt),
      date_modified: new Date(entry.updatedAt),
      ...(entry.authors.length > 0 && { authors: entry.authors.map((name) => ({ name })) }),
      ...(entry.tags.length > 0 && { tags: [...entry.tags] }),
    })),
  });
  // The library leaves out what is empty, but a feed without papers needs its list.
  return JSON.stringify({ items: [], ...Object(json) });
}
