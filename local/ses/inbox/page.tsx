import type { Child, FC } from 'hono/jsx';
import type { Instant } from '../../../shared/domain/time/time.ts';
import type { AccentColours } from '../../../shared/presentation/palette.ts';
import { Page } from '../../../shared/web/parts/page.tsx';

const TIME = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

/** Returns a time to the minute: `Mon 5 Jan, 08:00 UTC`. */
export function toTimeText(at: Instant): string {
  const part = new Map(TIME.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${part.get('weekday')} ${part.get('day')} ${part.get('month')}, ${part.get('hour')}:${part.get('minute')} UTC`;
}

/** Returns the UTC day in full: `Monday 5 January 2026`. */
function toDayText(at: Instant): string {
  return DAY.format(new Date(at)).replace(',', '');
}

/** Returns a readable size: `1 byte`, `640 bytes`, `12 KB`, `1.4 MB`. */
export function toSizeText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Returns a number of messages: `No messages`, `1 message`, `1,204 messages`. */
export function toMessageCount(count: number): string {
  if (count === 0) return 'No messages';
  return count === 1 ? '1 message' : `${count.toLocaleString('en')} messages`;
}

/** The properties of every page of the inbox. */
export interface InboxPageProps {
  readonly title: string;
  /** The path of the inbox. */
  readonly path: string;
  /** The link of the masthead. */
  readonly homePath: string;
  readonly accents: AccentColours;
  readonly now: Instant;
  /** Whether the page is wide enough for a mail. @default false */
  readonly isWide?: boolean;
  readonly children?: Child;
}

/** A page of the inbox in the style of all pages. */
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

/** The style of the inbox, in addition to the style of all pages. */
const INBOX_STYLE = `
body.wide { max-width: 60rem; }
.meta, .empty, .back { color: var(--faint); font-size: .875rem; }
form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: 1.25rem 0; font-size: .875rem; }
label { color: var(--faint); }
input { flex: 1 1 12rem; min-width: 0; }
input, button { min-height: 2.75rem; }
ol.messages { margin: 0; padding: 0; border-top: 1px solid var(--ink); list-style: none; }
ol.messages li { padding: .8rem 0; border-bottom: 1px solid var(--line); }
ol.messages h2 { margin: 0; font: 700 1.125rem/1.35 var(--serif); overflow-wrap: anywhere; }
ol.messages h2 a { display: inline-block; padding: .1rem 0; text-decoration: none; }
ol.messages p { margin: .1rem 0 0; overflow-wrap: anywhere; }
.back { margin: 0 0 .5rem; }
nav { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 1.5rem 0 1rem; border-bottom: 1px solid var(--line); font-size: .875rem; }
nav a { margin-bottom: -1px; padding: .75rem 0; text-decoration: none; }
nav a[aria-current] { border-bottom: 2px solid var(--accent); font-weight: 600; }
iframe { display: block; width: 100%; height: max(28rem, 80vh); border: 1px solid var(--line); }
iframe:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
pre {
  margin: 0; font: .875rem/1.6 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.headers { grid-template-columns: minmax(8rem, max-content) 1fr; row-gap: .4rem; }
.headers div { display: contents; }
.headers dd { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
@media (max-width: 34rem) { .headers { display: block; } .headers dd { margin-bottom: .6rem; } }
`;
