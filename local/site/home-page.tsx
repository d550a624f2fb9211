import type { FC } from 'hono/jsx';
import type { Instant } from '../../shared/domain/time.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import { Page } from '../../shared/web/page.tsx';
import { toDayText, toTimeText } from '../ses/inbox/format.ts';
import type { StoredMessage } from '../ses/message-store.ts';
import { PAPER_LIST_STYLE, PaperList } from './paper-list.tsx';
import type { PapersOfDay } from './papers-of-day.ts';
import { SUBSCRIBE_FORM_STYLE, type SubscribeFormProps, SubscribeFormView } from './subscribe-form.tsx';

export interface HomePageProps extends SubscribeFormProps {
  readonly publication: Publication;
  readonly now: Instant;
  /** Where the papers come from, in a sentence. */
  readonly sourceNote: string;
  /** The newest mails, newest first. */
  readonly mails: readonly StoredMessage[];
  readonly mailCount: number;
  readonly inboxPath: string;
  readonly day: PapersOfDay;
}

const PAPERS_SHOWN = 10;
const STYLE = PAPER_LIST_STYLE + SUBSCRIBE_FORM_STYLE;

/** The front page of a copy on one machine: its newest mails, the form, the papers of the newest day. */
export const HomePage: FC<HomePageProps> = (props) => {
  const { publication, now, sourceNote, mails, mailCount, inboxPath, day, form, faults } = props;
  return (
    <Page title={publication.name} masthead={publication.name} aside={toDayText(now)} style={STYLE}>
      <h1>On this machine</h1>
      <p class="faint">{sourceNote}</p>

      <h2>Inbox</h2>
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

      <h2>Add a subscriber</h2>
      <SubscribeFormView form={form} faults={faults} />

      <h2>Papers of {toDayText(`${day.day}T00:00:00.000Z`)}</h2>
      <PaperList papers={day.papers.slice(0, PAPERS_SHOWN)} />
      <p>
        <a href={`/papers/${day.day}`}>All {toCountText(day.papers.length, 'paper')} of the day</a>
      </p>
    </Page>
  );
};
