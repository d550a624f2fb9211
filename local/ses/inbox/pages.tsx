import { raw } from 'hono/html';
import type { FC } from 'hono/jsx';
import type { Email } from 'postal-mime';
import type { StoredMessage } from '../message-store.ts';
import { InboxPage, type InboxPageProps, toMessageCount, toSizeText, toTimeText } from './page.tsx';

/** The properties of the list of messages. */
export interface ListPageProps extends Pick<InboxPageProps, 'path' | 'homePath' | 'accents' | 'now'> {
  /** Newest first. */
  readonly messages: readonly StoredMessage[];
  /** The number of messages on all pages. */
  readonly total: number;
  /** The recipient filter. Empty for no filter. */
  readonly to: string;
  /** The link to older messages. Undefined on the last page. */
  readonly olderHref: string | undefined;
}

/** The list of messages: subject, recipients, time, size. */
export const ListPage: FC<ListPageProps> = ({
  messages,
  total,
  to,
  olderHref,
  path,
  homePath,
  accents,
  now,
}) => (
  <InboxPage title="Inbox · Broadsheet" path={path} homePath={homePath} accents={accents} now={now}>
    <h1>Inbox</h1>
    <p class="meta">
      {toMessageCount(total)}
      {to && ` to “${to}”`}.{total > 1 && ' Newest first.'} No mail leaves this machine.
    </p>
    <form method="get" action={path}>
      <label for="to">Sent to</label>
      <input id="to" name="to" type="search" value={to} placeholder="ada@example.org" />
      <button type="submit">Filter</button>
      {to && (
        <a class="target" href={path}>
          Show all
        </a>
      )}
    </form>
    {messages.length === 0 ? (
      <p class="empty">
        {to
          ? 'Enter another address, or show all messages.'
          : 'No messages yet. They appear here as soon as they are sent.'}
      </p>
    ) : (
      <ol class="messages">
        {messages.map((message) => (
          <Row message={message} path={path} />
        ))}
      </ol>
    )}
    {olderHref && (
      <p>
        <a href={olderHref} rel="next">
          Older messages
        </a>
      </p>
    )}
  </InboxPage>
);

const Row: FC<{ message: StoredMessage; path: string }> = ({ message, path }) => (
  <li>
    <h2>
      <a href={`${path}/${message.messageId}`}>{message.subject || 'No subject'}</a>
    </h2>
    <p class="meta">
      {message.destinations.join(', ')} ·{' '}
      <time datetime={message.acceptedAt}>{toTimeText(message.acceptedAt)}</time> ·{' '}
      {toSizeText(message.sizeBytes)}
    </p>
  </li>
);

/**
 * Makes the frame as high as its mail, so that only the page scrolls. The script can measure the mail because both have the
 * same origin. Without `allow-scripts` the mail runs no script.
 */
export const FIT_SCRIPT = `
const frame = document.querySelector('iframe');
const fit = () => {
  frame.style.height = '0';
  frame.style.height = frame.contentDocument.documentElement.scrollHeight + 2 + 'px';
};
frame.addEventListener('load', fit);
addEventListener('resize', fit);
`;

export type MessageView = 'html' | 'text' | 'headers';

/** The properties of one message's page. */
export interface MessagePageProps extends Pick<InboxPageProps, 'path' | 'homePath' | 'accents' | 'now'> {
  readonly message: StoredMessage;
  readonly email: Email;
  readonly view: MessageView;
}

/** One message: its envelope and one view. */
export const MessagePage: FC<MessagePageProps> = ({ message, email, view, path, homePath, accents, now }) => (
  <InboxPage
    title={`${message.subject || 'No subject'} · Broadsheet inbox`}
    path={path}
    homePath={homePath}
    accents={accents}
    now={now}
    isWide={true}
  >
    <p class="back">
      <a class="target" href={path}>
        All messages
      </a>
    </p>
    <h1>{message.subject || 'No subject'}</h1>
    <Envelope message={message} />
    <Views href={`${path}/${message.messageId}`} view={view} />
    <Content email={email} view={view} />
  </InboxPage>
);

const Envelope: FC<{ message: StoredMessage }> = ({ message }) => (
  <dl>
    <dt>From</dt>
    <dd>{message.source}</dd>
    <dt>To</dt>
    <dd>{message.destinations.join(', ')}</dd>
    <dt>Sent</dt>
    <dd>
      <time datetime={message.acceptedAt}>{toTimeText(message.acceptedAt)}</time> ·{' '}
      {toSizeText(message.sizeBytes)}
    </dd>
    {message.tags.length > 0 && (
      <>
        <dt>Tags</dt>
        <dd>{message.tags.map(({ name, value }) => `${name}=${value}`).join(', ')}</dd>
      </>
    )}
  </dl>
);

const Views: FC<{ href: string; view: MessageView }> = ({ href, view }) => (
  <nav aria-label="Views of this message">
    <a href={href} aria-current={view === 'html' ? 'page' : undefined}>
      HTML
    </a>
    <a href={`${href}/text`} aria-current={view === 'text' ? 'page' : undefined}>
      Text
    </a>
    <a href={`${href}/headers`} aria-current={view === 'headers' ? 'page' : undefined}>
      Headers
    </a>
    <a href={`${href}/raw`} download="">
      Download
    </a>
  </nav>
);

const Content: FC<{ email: Email; view: MessageView }> = ({ email, view }) => {
  switch (view) {
    case 'html':
      return email.html === undefined ? (
        <>
          <p class="empty">This mail is plain text only.</p>
          <pre>{email.text}</pre>
        </>
      ) : (
        <>
          <iframe
            title="The mail as its reader sees it"
            sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
            srcdoc={openLinksInNewTabs(email.html)}
          />
          <script>{raw(FIT_SCRIPT)}</script>
        </>
      );
    case 'text':
      return email.text === undefined ? (
        <p class="empty">This message has no text part.</p>
      ) : (
        <pre>{email.text}</pre>
      );
    case 'headers':
      return (
        <dl class="headers">
          {email.headers.map(({ originalKey, value }) => (
            <div>
              <dt>{originalKey}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      );
    default:
      return view satisfies never;
  }
};

/** Opens links in new tabs. Inside the frame, a site would appear within the inbox and without its scripts. */
function openLinksInNewTabs(html: string): string {
  const base = '<base target="_blank">';
  const head = /<head(\s[^>]*)?>/i;
  return head.test(html) ? html.replace(head, (tag) => tag + base) : base + html;
}
