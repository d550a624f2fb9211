import { raw } from 'hono/html';
import type { Child, FC } from 'hono/jsx';
import type { AccentColours } from '../../mail/palette.ts';
import type { Publication } from '../../mail/publication.ts';
import { ICON_PATH } from './site-files.tsx';
import { createPageStyle, FORM_STYLE } from './style.ts';

/** The props of every page. */
export interface PageProps {
  /** The title of the browser tab. */
  readonly title: string;
  /** The name in the masthead. */
  readonly masthead: string;
  /** Where the masthead leads. @default '/' */
  readonly home?: string;
  /** The text at the right of the masthead, such as the day. */
  readonly aside?: string;
  /** The publication's colours. */
  readonly accents: AccentColours;
  /** Style that only this page needs. */
  readonly style?: string;
  /** More elements of the page's head. */
  readonly head?: Child;
  readonly bodyClass?: string;
  readonly children?: Child;
}

/** A page under the masthead. It has no script and loads nothing. */
export const Page: FC<PageProps> = ({
  title,
  masthead,
  home = '/',
  aside,
  accents,
  style,
  head,
  bodyClass,
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
        <header class="masthead">
          <a href={home}>{masthead}</a>
          {aside && <span>{aside}</span>}
        </header>
        <main>{children}</main>
      </body>
    </html>
  </>
);

export interface SitePageProps {
  readonly publication: Publication;
  readonly heading: string;
  /** The title of the browser tab. @default the heading */
  readonly title?: string;
  /** The preview in search engines and shared links. A page of one reader has none. */
  readonly preview?: { readonly path: string; readonly description: string } | undefined;
  /** Style that only this page needs. */
  readonly style?: string | undefined;
  readonly children?: Child;
}

/** A page of a publication, with its name, its colours, one heading and the footer. */
export const SitePage: FC<SitePageProps> = ({
  publication,
  heading,
  title = heading,
  preview,
  style = '',
  children,
}) => (
  <Page
    title={title === publication.name ? title : `${title} · ${publication.name}`}
    head={<Head {...{ publication, title, preview }} />}
    masthead={publication.name}
    accents={publication}
    style={FORM_STYLE + style}
  >
    <h1>{heading}</h1>
    {children}
    <footer>
      <a href="/papers">Papers</a> <a href="/">Sign up</a> <a href="/manage-link">Manage your subscription</a>{' '}
      <a href="/privacy">Privacy</a> <a href="/docs">API</a>
    </footer>
  </Page>
);

const Head: FC<Pick<SitePageProps, 'publication' | 'title' | 'preview'>> = ({
  publication,
  title,
  preview,
}) => {
  const { name, publicUrl } = publication;
  return (
    <>
      <link rel="icon" href={ICON_PATH} type="image/svg+xml" />
      {preview && (
        <>
          <link rel="canonical" href={new URL(preview.path, publicUrl).href} />
          <meta name="description" content={preview.description} />
          <meta property="og:type" content="website" />
          <meta property="og:site_name" content={name} />
          <meta property="og:title" content={title} />
          <meta property="og:description" content={preview.description} />
          <meta property="og:url" content={new URL(preview.path, publicUrl).href} />
          <meta name="twitter:card" content="summary" />
        </>
      )}
    </>
  );
};
