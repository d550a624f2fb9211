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

/** What the pages of a local copy need. */
export interface SiteOptions {
  readonly system: System;
  readonly publication: Publication;
  readonly keys: Keys;
  /** A sentence that says where the papers come from. */
  readonly sourceNote: () => string;
}

/** The path of the inbox. */
export const INBOX_PATH = '/inbox';
const SEND_PATH = '/send-now';
const LATEST_MAILS = 5;

/** The host names of this machine, with any port. */
const OWN_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * The pages of a local copy: those of every deployment, the inbox, and a form that sends a digest immediately. Requests for
 * other host names are refused.
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

interface HomeExtraProps {
  /** A sentence that says where the papers come from. */
  readonly sourceNote: string;
  /** The newest mails, newest first. */
  readonly mails: readonly StoredMessage[];
  readonly mailCount: number;
  readonly inboxPath: string;
  /** The target of the form that sends a digest immediately. */
  readonly sendPath: string;
}

/** The local part of the front page: the newest mails, and a form that sends a digest immediately. */
const HomeExtra: FC<HomeExtraProps> = (props) => {
  const { sourceNote, mails, mailCount, inboxPath, sendPath } = props;
  return (
    <>
      <h2>On this machine</h2>
      <p class="faint">{sourceNote} No mail leaves this machine. Every mail goes to the inbox.</p>
      {mails.length === 0 && <p class="faint">No mails yet. The first digest arrives within seconds.</p>}
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
        <a class="target" href={inboxPath}>
          Open the inbox
        </a>{' '}
        <span class="faint">({toCountText(mailCount, 'mail')})</span>
      </p>
      <form method="post" action={sendPath}>
        <div class="field">
          <label for="subscriber">Send a digest now to this subscriber</label>
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
.mails .title a { display: inline-block; padding: .1rem 0; text-decoration: none; }
`;
