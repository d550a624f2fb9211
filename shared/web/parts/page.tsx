import { raw } from 'hono/html';
import type { Child, FC } from 'hono/jsx';
import type { AccentColours } from '../../presentation/palette.ts';
import type { Publication } from '../../presentation/publication.ts';
import type { FeedLink } from '../paths/feed-links.ts';
import { type PageMetadata, ShareTags } from './sharing.tsx';
import { ICON_PATH, OPEN_SEARCH_PATH } from './site-files.tsx';
import { createPageStyle, FORM_STYLE } from './style.ts';

/** The navigation below the name. */
const SECTIONS = [
  ['today', '/', 'Today'],
  ['week', '/papers/week', 'Week'],
  ['month', '/papers/month', 'Month'],
  ['trending', '/papers/trending', 'Trending'],
  ['search', '/search', 'Search'],
  ['status', '/status', 'Status'],
] as const;

/** An entry of the navigation. */
type Section = (typeof SECTIONS)[number][0];

/** The props of every page. */
export interface PageProps {
  /** The title of the browser tab. */
  readonly title: string;
  /** The name in the masthead. */
  readonly masthead: string;
  /** The link of the masthead. @default '/' */
  readonly home?: string;
  /** The text at the right below the name, such as the day. */
  readonly aside?: string | undefined;
  /** The links below the name. */
  readonly navigation?: Child;
  /** The publication's colours. */
  readonly accents: AccentColours;
  /** Style that only this page needs. */
  readonly style?: string;
  /** More elements of the page's head. */
  readonly head?: Child;
  readonly bodyClass?: string | undefined;
  /** Shown below the content. */
  readonly footer?: Child;
  readonly children?: Child;
}

/** A page under the masthead. It loads nothing. */
export const Page: FC<PageProps> = ({
  title,
  masthead,
  home = '/',
  aside,
  navigation,
  accents,
  style,
  head,
  bodyClass,
  footer,
  children,
}) => (
  <>
    {raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        {head}
        <style>{raw(createPageStyle(accents, style))}</style>
      </head>
      <body class={bodyClass}>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="masthead">
          <a class="name" href={home}>
            {masthead}
          </a>
          <div class="bar">
            {navigation}
            {aside && <span>{aside}</span>}
          </div>
        </header>
        <main id="content">{children}</main>
        {footer}
      </body>
    </html>
  </>
);

export interface SitePageProps {
  readonly publication: Publication;
  readonly heading: string;
  /** The title of the browser tab. @default the heading */
  readonly title?: string;
  /** What search engines and shared links show. A page of one reader has none. */
  readonly metadata?: PageMetadata | undefined;
  /** The entry of the navigation that the page belongs to. */
  readonly section?: Section | undefined;
  /** The day below the name: `Friday 27 November 2026`. Only a page about today has one, so that other pages stay the same. */
  readonly dateline?: string | undefined;
  /** Feeds that a feed reader finds on its own. */
  readonly feeds?: readonly FeedLink[] | undefined;
  /** More elements of the page's head. */
  readonly head?: Child;
  /** Style that only this page needs. */
  readonly style?: string | undefined;
  readonly children?: Child;
}

/** A page of a publication, with its name, its colours, the navigation, one heading and the footer. */
export const SitePage: FC<SitePageProps> = ({
  publication,
  heading,
  title = heading,
  metadata,
  section,
  dateline,
  feeds = [],
  head,
  style = '',
  children,
}) => (
  <Page
    title={title === publication.name ? title : `${title} · ${publication.name}`}
    head={
      <>
        <Head publication={publication} title={title} metadata={metadata} feeds={feeds} />
        {head}
      </>
    }
    masthead={publication.name}
    aside={dateline}
    navigation={<Navigation section={section} />}
    accents={publication}
    style={FORM_STYLE + style}
    footer={<Footer />}
  >
    <h1>{heading}</h1>
    {children}
  </Page>
);

const Navigation: FC<{ section: Section | undefined }> = ({ section }) => (
  <nav aria-label="Papers">
    {SECTIONS.map(([name, path, words]) => (
      <a key={name} href={path} aria-current={name === section ? 'true' : undefined}>
        {words}
      </a>
    ))}
  </nav>
);

const Footer: FC = () => (
  <footer>
    <a href="/sign-up">Sign up</a> <a href="/manage-link">Manage your subscriptions</a>{' '}
    <a href="/about">About</a> <a href="/about/trending">How papers are sorted</a>{' '}
    <a href="/privacy">Privacy</a> <a href="/docs">API</a>
  </footer>
);

const Head: FC<Pick<SitePageProps, 'publication' | 'metadata' | 'feeds'> & { readonly title: string }> = ({
  publication,
  title,
  metadata,
  feeds = [],
}) => (
  <>
    <link rel="icon" href={ICON_PATH} type="image/svg+xml" />
    {metadata && (
      <>
        <link
          rel="search"
          type="application/opensearchdescription+xml"
          title={publication.name}
          href={OPEN_SEARCH_PATH}
        />
        <ShareTags publication={publication} title={title} metadata={metadata} />
      </>
    )}
    {feeds.map((feed) => (
      <>
        <link rel="alternate" type="application/atom+xml" title={feed.title} href={feed.atom} />
        <link rel="alternate" type="application/feed+json" title={feed.title} href={feed.json} />
      </>
    ))}
  </>
);
