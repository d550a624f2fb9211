import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import PostalMime from 'postal-mime';
import type { Clock } from '../../../shared/domain/time/time.ts';
import type { AccentColours } from '../../../shared/presentation/palette.ts';
import { DEFAULT_ACCENT_COLOUR } from '../../../shared/presentation/publication.ts';
import type { MessageStore, StoredMessage } from '../message-store.ts';
import { InboxPage } from './page.tsx';
import { FIT_SCRIPT, ListPage, MessagePage, type MessageView } from './pages.tsx';

export interface InboxOptions {
  readonly store: MessageStore;
  /** The path of the mount, without a trailing slash: `/inbox`. */
  readonly path: string;
  /** The link of the masthead. @default the inbox */
  readonly homePath?: string | undefined;
  /** The publication's colours. @default the default accent colour */
  readonly accents?: AccentColours | undefined;
  readonly clock: Clock;
}

const PAGE_SIZE = 100;

/**
 * Creates the pages of the inbox.
 *
 * - `/` lists the messages, newest first. `?to=` filters by recipient. `?before=` starts below a message number.
 * - `/<messageId>` shows a mail, `/<messageId>/text` its text part, and `/<messageId>/headers` its headers.
 * - `/<messageId>/raw` downloads its bytes.
 *
 * A frame without scripts shows a mail's HTML. The only script that the page may run fits the frame to the mail.
 */
export function createInbox({
  store,
  path,
  homePath = path,
  accents = { accentColour: DEFAULT_ACCENT_COLOUR },
  clock,
}: InboxOptions): Hono {
  const frame = () => ({ path, homePath, accents, now: clock.now() });
  const notFound = (c: Context) =>
    c.html(
      <InboxPage title="Not found · Broadsheet inbox" {...frame()}>
        <h1>Not found</h1>
        <p>
          There is no such message. <a href={path}>Go to the inbox</a>
        </p>
      </InboxPage>,
      404,
    );
  const show = (view: MessageView) => async (c: Context) => {
    const message = find(c, store);
    if (!message) return notFound(c);
    const email = await PostalMime.parse(await store.loadRaw(message));
    return c.html(<MessagePage message={message} email={email} view={view} {...frame()} />);
  };

  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        // The frame inherits this policy. Mails have inline styles, and images from any host.
        styleSrc: ["'unsafe-inline'"],
        scriptSrc: [`'sha256-${createHash('sha256').update(FIT_SCRIPT).digest('base64')}'`],
        imgSrc: ['data:', 'https:'],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: false,
    }),
  );
  // Mails contain the private links of their readers.
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  app.get('/', (c) => {
    const to = c.req.query('to')?.trim() ?? '';
    const page = toPage(store.list(), to, Number(c.req.query('before') ?? Number.POSITIVE_INFINITY));
    const older = page.older && new URLSearchParams({ ...(to && { to }), before: `${page.older}` });
    const olderHref = older ? `${path}?${older}` : undefined;
    return c.html(<ListPage {...page} to={to} olderHref={olderHref} {...frame()} />);
  });
  app.get('/:messageId', show('html'));
  app.get('/:messageId/text', show('text'));
  app.get('/:messageId/headers', show('headers'));
  app.get('/:messageId/raw', async (c) => {
    const message = find(c, store);
    if (!message) return notFound(c);
    return c.body(new Uint8Array(await store.loadRaw(message)), 200, {
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${message.messageId}.eml"`,
    });
  });
  app.get('/*', notFound);
  return app;
}

function find(c: Context, store: MessageStore): StoredMessage | undefined {
  return store.find(c.req.param('messageId') ?? '');
}

/** Returns the messages of one page, the number of all matching messages, and where the next page starts. */
function toPage(all: readonly StoredMessage[], to: string, before: number) {
  const wanted = all.filter(({ destinations }) =>
    destinations.some((address) => address.toLowerCase().includes(to.toLowerCase())),
  );
  // If `before` is not a number, it is NaN. Every comparison is false, which gives the first page.
  const older = wanted.filter(({ number }) => !(number >= before)).reverse();
  const messages = older.slice(0, PAGE_SIZE);
  return {
    messages,
    total: wanted.length,
    older: older.length > PAGE_SIZE ? messages.at(-1)?.number : undefined,
  };
}
