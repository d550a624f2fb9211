import { raw } from 'hono/html';
import type { Child, FC } from 'hono/jsx';
import type { AccentColours } from '../../mail/palette.ts';
import { createPageStyle } from './style.ts';

/** What every page shows. */
export interface PageProps {
  /** Of the browser's tab. */
  readonly title: string;
  /** The name in the masthead. */
  readonly masthead: string;
  /** Where the masthead leads. @default '/' */
  readonly home?: string;
  /** What stands at the other end of the masthead: the day. */
  readonly aside?: string;
  /** The publication's colours. */
  readonly accents: AccentColours;
  /** Style that only this page needs. */
  readonly style?: string;
  /** What else its head holds. */
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
