import type { Hono } from 'hono';
import type { FC } from 'hono/jsx';
import { DELIVERY_RETENTION_DAYS, UNCONFIRMED_RETENTION_DAYS } from '../../domain/retention.ts';
import { UNANSWERED_LAPSE_DAYS } from '../../domain/subscribers/mail-allowance.ts';
import { MAX_STATUS_CHANGES } from '../../domain/subscribers/subscriber.ts';
import { contactOf, type Publication } from '../../presentation/publication.ts';
import { SitePage } from '../parts/page.tsx';
import { createStaticPage } from '../parts/static-page.ts';
import type { WebAppPorts } from '../ports.ts';

/** The privacy page: what is kept about a reader, why, for how long, and how to change or erase it. */
export function createPrivacyRoutes({ publication, leftRetentionDays }: WebAppPorts): Hono {
  return createStaticPage('/privacy', () => (
    <PrivacyPage publication={publication} leftRetentionDays={leftRetentionDays} />
  ));
}

const PrivacyPage: FC<{ publication: Publication; leftRetentionDays: number }> = ({
  publication,
  leftRetentionDays,
}) => {
  const contact = contactOf(publication);
  return (
    <SitePage
      publication={publication}
      heading="What we keep about you"
      metadata={{
        path: '/privacy',
        description: `What ${publication.name} keeps about its readers, why, and for how long.`,
      }}
      style={STYLE}
    >
      <p>We keep only what we need to send the emails that you asked for. We do not sell it.</p>
      <h2>What we keep, and why</h2>
      <ul>
        <li>
          Your address and your choices: lists, keywords, order, muted papers and authors, frequency, time
          zone, hour and format. We need them to send digests. We keep them until you erase them. If you
          unsubscribe or mark an email as spam, or if emails to you bounce, we delete them {leftRetentionDays}{' '}
          days later.
        </li>
        <li>
          If you leave: a note that says so, and when. It holds no address, only a code that we compute from
          your address. It stays after we delete your other data. It stops an import of an old list from
          emailing you again.
        </li>
        <li>
          When you agreed, from which IP address, and to which words. Also the last {MAX_STATUS_CHANGES} times
          that your subscription began, paused or ended, and why. The law requires this proof. We delete it
          with your other data.
        </li>
        <li>
          If you change your address: a code in the new subscription that we compute from the earlier address.
          We tell the earlier address by email. The new subscription also gets your choices and a copy of
          which papers we sent you. Whoever owns the new address can read them there. The earlier subscription
          stays as one that ended. If you erase it, the new one stays, with its copies. If nobody confirms the
          change, we treat it as a sign-up that was not confirmed.
        </li>
        <li>A sign-up that you do not confirm. We delete it after {UNCONFIRMED_RETENTION_DAYS} days.</li>
        <li>
          Which papers we sent you, when, and whether the email service accepted the email. This stops us from
          sending you a paper twice. We delete it after {DELIVERY_RETENTION_DAYS} days.
        </li>
        <li>
          If emails to you come back for a passing reason, such as a full mailbox: how many in a row, and when
          the first and the last one did. If that goes on for days, we stop sending. We delete it with your
          other data.
        </li>
        <li>
          When we sent an email that you asked for on the web, or that told you of a change of address. Also
          how many emails that asked you to confirm were not answered. This stops others from flooding you
          with emails. We delete it after {UNANSWERED_LAPSE_DAYS} days.
        </li>
        <li>
          How many requests came from a network, how many data links you asked for, and how many emails told
          you of a change of address. We keep these counts for a day, under codes that reveal no address.
        </li>
        <li>
          Your requests on the web, in a queue. They usually stay there for seconds. If something fails, they
          stay for up to 14 days.
        </li>
        <li>Our logs contain neither your address nor your personal links.</li>
      </ul>
      <h2>What we do not do</h2>
      <p>
        We use no cookies and no tracking images. We do not count what you open or click. The only script
        fills in your time zone. Signing up works without it. Emails and data go through Amazon Web Services.
        We give them to nobody else.
      </p>
      <h2>Your rights</h2>
      <p>
        Every digest ends with a link to your subscriptions. On that page you can change your choices, or ask
        for a data link by email. With the data link you can export all your data, erase it, or make the links
        in old emails invalid. After you erase it, we keep only a record that you left. If we make backups,
        erased data disappears from them within 35 days. If you have no digest at hand,{' '}
        <a href="/manage-link">ask for a link by email</a>.
      </p>
      <p>
        We cannot email you a link if emails to you bounced, or if you marked one as spam. To export or erase
        your data, write to <a href={`mailto:${contact}`}>{contact}</a> instead.
      </p>
      <p>
        Send questions to <a href={`mailto:${contact}`}>{contact}</a>
        {publication.postalAddress && `, or to ${publication.postalAddress}`}.
      </p>
    </SitePage>
  );
};

const STYLE = `
li { margin-bottom: .5rem; }
`;
