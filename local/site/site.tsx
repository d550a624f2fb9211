import { Hono, type MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import * as z from 'zod';
import { utcDayOf } from '../../shared/domain/time.ts';
import type { Keys } from '../../shared/keys.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import { pageHeaders } from '../../shared/web/page-headers.ts';
import { createSubscriberRoutes } from '../../shared/web/subscriber-routes.tsx';
import { createInbox } from '../ses/inbox/inbox.tsx';
import type { System } from '../system.ts';
import { AddedPage } from './added-page.tsx';
import { HomePage } from './home-page.tsx';
import { loadDay, loadNewestDay } from './papers-of-day.ts';
import { PapersPage } from './papers-page.tsx';
import { sendNow } from './send-now.ts';
import { addSubscriber, type SubscribeForm, subscribeFormSchema } from './subscribe.ts';

/** What the pages of a copy on one machine show. */
export interface SiteOptions {
  readonly system: System;
  readonly publication: Publication;
  readonly keys: Keys;
  /** Where the papers come from, in a sentence. */
  readonly sourceNote: () => string;
}

const INBOX_PATH = '/inbox';
const LATEST_MAILS = 5;

/** The names by which a browser on this machine asks for a page, with any port. */
const OWN_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * The pages of a copy on one machine: its home with a form that adds subscribers, the papers of a day, the inbox. A request
 * under any other name than this machine's own is refused.
 */
export function createSite({ system, publication, keys, sourceNote }: SiteOptions): Hono {
  const { clock, repositories, aws } = system;
  const { store } = aws.sesServer;
  const home = async (form: Partial<SubscribeForm>, faults: readonly string[]) => (
    <HomePage
      publication={publication}
      now={clock.now()}
      sourceNote={sourceNote()}
      mails={[...store.list()].reverse().slice(0, LATEST_MAILS)}
      mailCount={store.list().length}
      inboxPath={INBOX_PATH}
      day={await loadNewestDay(repositories, clock.now())}
      form={form}
      faults={faults}
    />
  );

  const app = new Hono();
  app.use(refuseOtherHosts());
  app.route(INBOX_PATH, createInbox({ store, path: INBOX_PATH, homePath: '/', clock }));
  app.route(
    '/',
    createSubscriberRoutes({
      subscribers: repositories.subscribers,
      publication,
      keyring: { load: async () => keys },
    }),
  );
  app.use(pageHeaders());

  app.get('/', async (c) => c.html(await home({}, [])));
  app.post('/subscribers', csrf(), async (c) => {
    const form = await c.req.parseBody();
    const parsed = subscribeFormSchema.safeParse(form);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join(' ')}: ${message}`);
      return c.html(await home(toText(form), faults), 400);
    }
    const subscriber = await addSubscriber(system, parsed.data, keys.idKey);
    const outcome = await sendNow(system, subscriber);
    if (outcome?.state === 'sent') return c.redirect(`${INBOX_PATH}/${outcome.messageId}`, 303);
    return c.html(<AddedPage publication={publication} subscriber={subscriber} outcome={outcome} />);
  });
  app.get('/papers/:day', async (c) => {
    const day = z.iso.date().safeParse(c.req.param('day'));
    if (!day.success || day.data > utcDayOf(clock.now())) return c.notFound();
    const papers = await loadDay(repositories, day.data, clock.now());
    return c.html(<PapersPage publication={publication} day={papers} />);
  });
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

function toText(form: Readonly<Record<string, unknown>>): Partial<SubscribeForm> {
  const texts = Object.entries(form).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
