import type { FC } from 'hono/jsx';
import type { StoredMessage } from '../message-store.ts';
import { toMessageCount, toSizeText, toTimeText } from './format.ts';
import { InboxPage, type InboxPageProps } from './page.tsx';

/** The messages that one page of the list shows. */
export interface ListPageProps extends Pick<InboxPageProps, 'path' | 'homePath' | 'accents' | 'now'> {
  /** Newest first. */
  readonly messages: readonly StoredMessage[];
  /** How many there are on all pages. */
  readonly total: number;
  /** What the reader filters recipients by; empty for no filter. */
  readonly to: string;
  /** Where the next older messages are; undefined on the last page. */
  readonly olderHref: string | undefined;
}

/** The list of messages: subject, recipients, when, size. */
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
      {to && ` to “${to}”`}. Nothing here has left this machine.
    </p>
    <form method="get" action={path}>
      <label for="to">Recipient</label>
      <input id="to" name="to" type="search" value={to} placeholder="ada@example.org" />
      <button type="submit">Show</button>
      {to && <a href={path}>Show all</a>}
    </form>
    {messages.length === 0 ? (
      <p class="empty">{to ? 'No message was sent to such an address.' : 'No message has been sent yet.'}</p>
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
