import type { FC } from 'hono/jsx';
import { UNANSWERED_LAPSE_DAYS } from '../../domain/mail-allowance.ts';
import { DELIVERY_RETENTION_DAYS, UNCONFIRMED_RETENTION_DAYS } from '../../domain/retention.ts';
import { MAX_STATUS_CHANGES } from '../../domain/subscriber.ts';
import type { Publication } from '../../mail/publication.ts';
import { SitePage } from '../parts/page.tsx';

/** What is kept about a reader, why, for how long, and how to have it changed or forgotten. */
export const PrivacyPage: FC<{ publication: Publication; leftRetentionDays: number }> = ({
  publication,
  leftRetentionDays,
}) => {
  const contact = publication.replyTo ?? publication.fromAddress;
  return (
    <SitePage
      publication={publication}
      heading="What is kept about you"
      preview={{
        path: '/privacy',
        description: `What ${publication.name} keeps about its readers, why, and for how long.`,
      }}
    >
      <p>As little as it takes to mail you what you asked for. Nothing is sold, shared or measured.</p>
      <h2>What, and why</h2>
      <ul>
        <li>
          Your address and what you chose: lists, queries, how often, time zone, hour. Without them there are
          no digests. They are kept until you erase them. If you unsubscribe, or your mails come back, they
          are deleted {leftRetentionDays} days later.
        </li>
        <li>
          That you left, and when. This record has no address, only a scrambled name that is made from it. It
          stays after your other data is deleted, so that nobody who imports an old list mails you again.
        </li>
        <li>
          When, from which IP address and to which words you agreed, and the last {MAX_STATUS_CHANGES} times
          that your subscription began, paused or ended, with what did it. Laws ask for that proof; it goes
          with the rest.
        </li>
        <li>
          A sign-up that nobody confirms: {UNCONFIRMED_RETENTION_DAYS} days. Then it is deleted by itself.
        </li>
        <li>
          Which papers you were sent, when, and whether the mail arrived: {DELIVERY_RETENTION_DAYS} days, so
          that no paper comes twice.
        </li>
        <li>
          When a mail that you asked for on the web went out, and how many such mails nobody answered, so that
          nobody can flood you: {UNANSWERED_LAPSE_DAYS} days. Requests are counted by network for a day, and
          links to your data by reader for a day. All are kept under scrambled names, from which no address
          can be read.
        </li>
        <li>
          What you ask for on the web waits in a queue for seconds; for up to 14 days where something failed.
        </li>
        <li>The logs hold neither your address nor the links that are yours alone.</li>
      </ul>
      <h2>What is not done</h2>
      <p>
        No cookies, no scripts, no pictures that report back, no counting of what you open or click. Mails and
        data go through Amazon Web Services, and to nobody else.
      </p>
      <h2>It is yours</h2>
      <p>
        Every digest ends with a link to your subscription. There you change it, and ask for a fresh link by
        mail. With the fresh link you export all data, erase it at once and for good, or make the links of old
        mails invalid. Only the record that you left stays. Backups, where there are any, forget erased data
        within 35 days. Without a mail at hand, <a href="/manage-link">have a link sent to you</a>.
      </p>
      <p>
        No link can be mailed if mails to you came back, or if you marked one as spam. Then write to{' '}
        <a href={`mailto:${contact}`}>{contact}</a> to export or erase your data.
      </p>
      <p>
        Questions go to <a href={`mailto:${contact}`}>{contact}</a>
        {publication.postalAddress && `, or to ${publication.postalAddress}`}.
      </p>
    </SitePage>
  );
};
