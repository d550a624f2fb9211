import { Hono, type MiddlewareHandler } from 'hono';
import type { Publication } from '../../shared/presentation/publication.ts';
import type { Keys } from '../../shared/subscribers/keys.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { createCardsApp } from '../../shared/web/cards/card-routes.ts';
import { toRoutedPath } from '../../shared/web/parts/request.ts';
import { createInbox } from '../ses/inbox/inbox.tsx';
import type { System } from '../system.ts';
import { createSendRoutes } from './send-routes.tsx';

/** What the pages of a local copy need. */
export interface SiteOptions {
  readonly system: System;
  readonly publication: Publication;
  readonly keys: Keys;
  /** A sentence that says where the papers come from. */
  readonly sourceNote: string;
}

/** The address of the subscriber that every local copy has. */
export const DEMO_ADDRESS = 'demo@readers.example';

export const INBOX_PATH = '/inbox';
const SEND_PATH = '/send-now';

/** The host names of this machine, with any port. */
const OWN_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * The pages of a local copy: those of every deployment, the inbox, and a page that sends a digest immediately. Requests for
 * other host names are refused.
 */
export function createSite({ system, publication, keys, sourceNote }: SiteOptions): Hono {
  const { clock, aws, functions } = system;
  const { store } = aws.sesServer;

  const app = new Hono({ getPath: toRoutedPath });
  app.use(refuseOtherHosts());
  app.use(askEachTime());
  app.route(INBOX_PATH, createInbox({ store, path: INBOX_PATH, homePath: '/', accents: publication, clock }));
  app.mount('/cards', createCardsApp(functions.cardPorts).fetch, { replaceRequest: false });
  app.route(
    '/',
    createSendRoutes({ system, keys, path: SEND_PATH, inboxPath: INBOX_PATH, demoAddress: DEMO_ADDRESS }),
  );
  const localNotes = {
    home: () => (
      <aside aria-label="On this machine">
        <p class="faint">
          {sourceNote} No mail leaves this machine. <a href={INBOX_PATH}>Open the inbox</a>, or{' '}
          <a href={SEND_PATH}>send a digest now</a>.
        </p>
      </aside>
    ),
    lists: () => <p class="faint">{sourceNote}</p>,
    mail: () => (
      <aside class="notice" aria-label="On this machine">
        <p>
          No mail leaves this machine. <a href={INBOX_PATH}>Open the inbox</a> to read it.
        </p>
      </aside>
    ),
  };
  app.route('/', createWebApp({ ...functions.webPorts, localNotes }));
  return app;
}

/** Lets browsers ask for each page again, so it has the papers that were just read. */
function askEachTime(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (c.res.headers.get('cache-control')?.startsWith('public')) c.header('cache-control', 'no-cache');
  };
}

/**
 * Refuses requests for other host names. Otherwise a foreign site whose name resolves to the loopback address could read the
 * inbox.
 *
 * @see https://owasp.org/www-community/attacks/DNS_Rebinding
 */
function refuseOtherHosts(): MiddlewareHandler {
  return async (c, next) => {
    if (OWN_HOST.test(c.req.header('host') ?? '')) return next();
    return c.text('Open these pages at localhost, 127.0.0.1 or [::1].', 403);
  };
}
