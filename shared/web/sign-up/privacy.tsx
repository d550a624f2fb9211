import type { FC } from 'hono/jsx';
import { UNANSWERED_LAPSE_DAYS } from '../../domain/mail-allowance.ts';
import { DELIVERY_RETENTION_DAYS, UNCONFIRMED_RETENTION_DAYS } from '../../domain/retention.ts';
import { MAX_STATUS_CHANGES } from '../../domain/subscriber.ts';
import type { Publication } from '../../mail/publication.ts';
import { SitePage } from '../parts/page.tsx';

/** The privacy page: what is kept about a reader, why, for how long, and how to change or erase it. */
export const PrivacyPage: FC<{ publication: Publication; leftRetentionDays: number }> = ({
  publication,
  leftRetentionDays,
}) => {
  const contact = publication.replyTo ?? publication.fromAddress;
  return (
    <SitePage
      publication={publication}
      heading="What we keep about you"
      preview={{
        path: '/privacy',
        description: `What ${publication.name} keeps about its readers, why, and for how long.`,
      }}
    >
      <p>We keep only what we need to mail you what you asked for. We do not sell, share or measure it.</p>
      <h2>What we keep, and why</h2>
      <ul>
        <li>
          Your address and your choices: lists, queries, how often, time zone and hour. Without them we cannot
          send digests. We keep them until you erase them. If you unsubscribe, or your mails bounce, we delete
          them {leftRetentionDays} days later.
        </li>
        <li>
          That you left, and when. This record has no address, only a scrambled name made from your address.
          It stays after we delete your other data, so that nobody who imports an old list mails you again.
        </li>
        <li>
          When you agreed, from which IP address, and to which words. Also the last {MAX_STATUS_CHANGES} times
          that your subscription began, paused or ended, and why. Laws ask for this proof. We delete it with
          the rest.
        </li>
        <li>
          A sign-up that you do not confirm: {UNCONFIRMED_RETENTION_DAYS} days. Then it is deleted by itself.
        </li>
        <li>
          Which papers we sent you, when, and whether the mail arrived: {DELIVERY_RETENTION_DAYS} days, so
          that you get no paper twice.
        </li>
        <li>
          When we sent a mail that you asked for on the web, and how many such mails had no answer:{' '}
          {UNANSWERED_LAPSE_DAYS} days, so that nobody can flood you. We count requests by network, and links
          to your data by reader, for a day. We keep these counts under scrambled names. Nobody can read an
          address from them.
        </li>
        <li>
          Your requests on the web wait in a queue for seconds. If something fails, they wait for up to 14
          days.
        </li>
        <li>Our logs hold neither your address nor your personal links.</li>
      </ul>
      <h2>What we do not do</h2>
      <p>
        We use no cookies, no scripts and no tracking images. We do not count what you open or click. Mails
        and data go through Amazon Web Services, and to nobody else.
      </p>
      <h2>Your rights</h2>
      <p>
        Every digest ends with a link to your subscription. There you can change it, and ask for a fresh link
        by mail. With the fresh link you can export all data, erase it for good, or make the links of old
        mails invalid. Only the record that you left stays. Backups, if there are any, drop erased data within
        35 days. If you have no mail at hand, <a href="/manage-link">ask for a link by mail</a>.
      </p>
      <p>
        We cannot mail you a link if mails to you bounced, or if you marked one as spam. Then write to{' '}
        <a href={`mailto:${contact}`}>{contact}</a> to export or erase your data.
      </p>
      <p>
        Send questions to <a href={`mailto:${contact}`}>{contact}</a>
        {publication.postalAddress && `, or to ${publication.postalAddress}`}.
      </p>
    </SitePage>
  );
};
