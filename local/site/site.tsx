import { Hono, type MiddlewareHandler } from 'hono';
import * as z from 'zod';
import { utcDayOf } from '../../shared/domain/time.ts';
import type { Keys } from '../../shared/keys.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { pageHeaders } from '../../shared/web/page-headers.ts';
import { createInbox } from '../ses/inbox/inbox.tsx';
import type { System } from '../system.ts';
import { HomeExtra } from './home-extra.tsx';
import { PAPER_LIST_STYLE } from './paper-list.tsx';
import { loadDay, loadNewestDay } from './papers-of-day.ts';
import { PapersPage } from './papers-page.tsx';
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
 * The pages of a copy on one machine: those of every deployment, and beside them the inbox, the papers of a day, and a digest
 * at once. A request under any other name than this machine's own is refused.
 */
export function createSite({ system, publication, keys, sourceNote }: SiteOptions): Hono {
  const { clock, repositories, aws, functions } = system;
  const { store } = aws.sesServer;

  const app = new Hono();
  app.use(refuseOtherHosts());
  app.route(INBOX_PATH, createInbox({ store, path: INBOX_PATH, homePath: '/', clock }));
  app.get('/papers/:day', pageHeaders(publication), async (c, next) => {
    const day = z.iso.date().safeParse(c.req.param('day'));
    if (!day.success || day.data > utcDayOf(clock.now())) return next();
    const papers = await loadDay(repositories, day.data, clock.now());
    return c.html(<PapersPage publication={publication} day={papers} />);
  });
  app.route('/', createSendRoutes({ system, keys, path: SEND_PATH, inboxPath: INBOX_PATH }));
  app.route(
    '/',
    createWebApp(functions.webPorts, {
      homeExtra: async () => ({
        style: PAPER_LIST_STYLE,
        content: (
          <HomeExtra
            sourceNote={sourceNote()}
            mails={[...store.list()].reverse().slice(0, LATEST_MAILS)}
            mailCount={store.list().length}
            inboxPath={INBOX_PATH}
            sendPath={SEND_PATH}
            day={await loadNewestDay(repositories, clock.now())}
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
