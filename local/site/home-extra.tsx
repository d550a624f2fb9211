import type { FC } from 'hono/jsx';
import { toCountText } from '../../shared/mail/wording.ts';
import { toDayText, toTimeText } from '../ses/inbox/format.ts';
import type { StoredMessage } from '../ses/message-store.ts';
import { PaperList } from './paper-list.tsx';
import type { PapersOfDay } from './papers-of-day.ts';

export interface HomeExtraProps {
  /** Where the papers come from, in a sentence. */
  readonly sourceNote: string;
  /** The newest mails, newest first. */
  readonly mails: readonly StoredMessage[];
  readonly mailCount: number;
  readonly inboxPath: string;
  /** Where the form is sent to that has a digest sent at once. */
  readonly sendPath: string;
  readonly day: PapersOfDay;
}

const PAPERS_SHOWN = 10;

/** What a copy on one machine adds to the front page: its newest mails, a digest at once, the papers of the newest day. */
export const HomeExtra: FC<HomeExtraProps> = (props) => {
  const { sourceNote, mails, mailCount, inboxPath, sendPath, day } = props;
  return (
    <>
      <h2>On this machine</h2>
      <p class="faint">{sourceNote} No mail leaves this machine: all of it lands in the inbox below.</p>
      {mails.length === 0 && (
        <p class="faint">No mail has been sent yet. The first digest comes within seconds.</p>
      )}
      <ol class="papers">
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

      <h2>Papers of {toDayText(`${day.day}T00:00:00.000Z`)}</h2>
      <PaperList papers={day.papers.slice(0, PAPERS_SHOWN)} />
      <p>
        <a href={`/papers/${day.day}`}>All {toCountText(day.papers.length, 'paper')} of the day</a>
      </p>
    </>
  );
};
