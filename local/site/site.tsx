import { Hono, type MiddlewareHandler } from 'hono';
import type { Publication } from '../../shared/mail/publication.ts';
import type { Keys } from '../../shared/subscribers/keys.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { toRoutedPath } from '../../shared/web/parts/request.ts';
import { createInbox } from '../ses/inbox/inbox.tsx';
import type { System } from '../system.ts';
import { HOME_EXTRA_STYLE, HomeExtra } from './home-extra.tsx';
import { createSendRoutes } from './send-routes.tsx';

/** What the pages of a copy on one machine show. */
export interface SiteOptions {
  readonly system: System;
  readonly publication: Publication;
  readonly keys: Keys;
  /** Where the papers come from, in a sentence. */
  readonly sourceNote: () => string;
}

/** Where every mail is shown. */
export const INBOX_PATH = '/inbox';
const SEND_PATH = '/send-now';
const LATEST_MAILS = 5;

/** The names by which a browser on this machine asks for a page, with any port. */
const OWN_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * The pages of a copy on one machine: those of every deployment, the inbox, and a form that sends a digest at once. A request under any other name than this machine's own is refused.
 */
export function createSite({ system, publication, keys, sourceNote }: SiteOptions): Hono {
  const { clock, aws, functions } = system;
  const { store } = aws.sesServer;

  const app = new Hono({ getPath: toRoutedPath });
  app.use(refuseOtherHosts());
  app.route(INBOX_PATH, createInbox({ store, path: INBOX_PATH, homePath: '/', accents: publication, clock }));
  app.route('/', createSendRoutes({ system, keys, path: SEND_PATH, inboxPath: INBOX_PATH }));
  app.route(
    '/',
    createWebApp(functions.webPorts, {
      homeExtra: async () => ({
        style: HOME_EXTRA_STYLE,
        content: (
          <HomeExtra
            sourceNote={sourceNote()}
            mails={[...store.list()].reverse().slice(0, LATEST_MAILS)}
            mailCount={store.list().length}
            inboxPath={INBOX_PATH}
            sendPath={SEND_PATH}
          />
        ),
      }),
    }),
  );
  return app;
}

/**
 * Refuses requests whose `Host` is not this machine itself: a page elsewhere whose name was made to resolve to the loopback
 * address could read the inbox otherwise.
 *
 * @see https://owasp.org/www-community/attacks/DNS_Rebinding
 */
function refuseOtherHosts(): MiddlewareHandler {
  return async (c, next) => {
    if (OWN_HOST.test(c.req.header('host') ?? '')) return next();
    return c.text('These pages are shown under localhost, 127.0.0.1 and [::1] alone.', 403);
  };
}
