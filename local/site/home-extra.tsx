import type { FC } from 'hono/jsx';
import { toCountText } from '../../shared/mail/wording.ts';
import { toTimeText } from '../ses/inbox/page.tsx';
import type { StoredMessage } from '../ses/message-store.ts';

export interface HomeExtraProps {
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
export const HomeExtra: FC<HomeExtraProps> = (props) => {
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
export const HOME_EXTRA_STYLE = `
.mails { margin: 0; padding: 0; border-top: 1px solid var(--ink); list-style: none; }
.mails li { padding: .7rem 0; border-bottom: 1px solid var(--line); }
.mails p { margin: 0; }
.mails .title { font: 700 1.05rem/1.35 var(--serif); overflow-wrap: anywhere; }
.mails .title a { text-decoration: none; }
`;
