import type { Child, FC } from 'hono/jsx';
import type { Instant } from '../../../shared/domain/time.ts';
import type { AccentColours } from '../../../shared/mail/palette.ts';
import { Page } from '../../../shared/web/parts/page.tsx';
import { toDayText } from './format.ts';
import { INBOX_STYLE } from './style.ts';

/** What every page of the inbox shows. */
export interface InboxPageProps {
  readonly title: string;
  /** Where the inbox is mounted. */
  readonly path: string;
  /** Where the masthead leads. */
  readonly homePath: string;
  readonly accents: AccentColours;
  readonly now: Instant;
  /** Whether the page needs room for a whole mail. @default false */
  readonly isWide?: boolean;
  readonly children?: Child;
}

/** A page of the inbox, in the look of all pages. */
export const InboxPage: FC<InboxPageProps> = ({ title, homePath, accents, now, isWide, children }) => (
  <Page
    title={title}
    masthead="Broadsheet"
    home={homePath}
    aside={toDayText(now)}
    accents={accents}
    style={INBOX_STYLE}
    bodyClass={isWide ? 'wide' : ''}
  >
    {children}
  </Page>
);
