import type { Child, FC } from 'hono/jsx';
import type { Publication } from '../../mail/publication.ts';
import { Page } from '../page.tsx';
import { FORM_STYLE } from './form-style.ts';

export interface SitePageProps {
  readonly publication: Publication;
  readonly heading: string;
  /** Of the browser's tab. @default the heading */
  readonly title?: string;
  /** Style that only this page needs. */
  readonly style?: string | undefined;
  readonly children?: Child;
}

/** A page of a publication: its name and colours, one heading, and the way to what is kept about a reader. */
export const SitePage: FC<SitePageProps> = ({
  publication,
  heading,
  title = heading,
  style = '',
  children,
}) => (
  <Page
    title={title === publication.name ? title : `${title} · ${publication.name}`}
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
