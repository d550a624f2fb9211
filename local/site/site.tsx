import { Hono, type MiddlewareHandler } from 'hono';
import type { FC } from 'hono/jsx';
import type { Publication } from '../../shared/mail/publication.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import type { Keys } from '../../shared/subscribers/keys.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { toRoutedPath } from '../../shared/web/parts/request.ts';
import { createInbox } from '../ses/inbox/inbox.tsx';
import { toTimeText } from '../ses/inbox/page.tsx';
import type { StoredMessage } from '../ses/message-store.ts';
import type { System } from '../system.ts';
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

interface HomeExtraProps {
  /** Where the papers come from, in a sentence. */
  readonly sourceNote: string;
  /** The newest mails, newest first. */
  readonly mails: readonly StoredMessage[];
  readonly mailCount: number;
  readonly inboxPath: string;
  /** Where the form is sent to that has a digest sent at once. */
  readonly sendPath: string;
}

/** What a copy on one machine adds to the front page: its newest mails, and a form that sends a digest at once. */
const HomeExtra: FC<HomeExtraProps> = (props) => {
  const { sourceNote, mails, mailCount, inboxPath, sendPath } = props;
  return (
    <>
      <h2>On this machine</h2>
      <p class="faint">{sourceNote} No mail leaves this machine: all of it lands in the inbox below.</p>
      {mails.length === 0 && (
        <p class="faint">No mail has been sent yet. The first digest comes within seconds.</p>
      )}
      <ol class="mails">
        {mails.map((mail) => (
          <li key={mail.messageId}>
            <p class="title">
              <a href={`${inboxPath}/${mail.messageId}`}>{mail.subject}</a>
            </p>
            <p class="faint">
              {mail.destinations.join(', ')} · {toTimeText(mail.acceptedAt)}
            </p>
          </li>
        ))}
      </ol>
      <p>
        <a href={inboxPath}>Open the inbox</a> <span class="faint">{toCountText(mailCount, 'mail')}</span>
      </p>
      <form method="post" action={sendPath}>
        <div class="field">
          <label for="subscriber">Send a subscriber’s digest now, without waiting for its hour</label>
          <input id="subscriber" name="address" type="email" required placeholder="reader@readers.example" />
        </div>
        <button type="submit">Send now</button>
      </form>
    </>
  );
};

/** The style of {@link HomeExtra}. */
const HOME_EXTRA_STYLE = `
.mails { margin: 0; padding: 0; border-top: 1px solid var(--ink); list-style: none; }
.mails li { padding: .7rem 0; border-bottom: 1px solid var(--line); }
.mails p { margin: 0; }
.mails .title { font: 700 1.05rem/1.35 var(--serif); overflow-wrap: anywhere; }
.mails .title a { text-decoration: none; }
`;
