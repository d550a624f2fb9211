import { decodeWords } from 'postal-mime';
import { domainOf } from '../../shared/domain/subscribers/address.ts';
import { type Instant, msBetween } from '../../shared/domain/time/time.ts';
import { isSimulator, toBareAddress } from './address.ts';
import type { Bounce, BouncedRecipient, EventMail, SesEvent } from './event.ts';
import { type HeaderField, isNamed, newSesId, valuesOf } from './message.ts';
import type { Submission } from './submission.ts';

/** The facts of an accepted message that SES adds. */
interface Acceptance {
  readonly messageId: string;
  readonly at: Instant;
}

const ACCOUNT_ID = '123456789012';

/** Returns an accepted message in the format of events. */
export function toEventMail(submission: Submission, acceptance: Acceptance): EventMail {
  const { source, identity, destinations, message } = submission;
  const { messageId, at } = acceptance;
  const fields = message.fields.filter((field) => field.name !== '' && !isNamed(field, 'Bcc'));
  return {
    timestamp: at,
    source,
    sourceArn: `arn:aws:ses:us-east-1:${ACCOUNT_ID}:identity/${identity}`,
    sendingAccountId: ACCOUNT_ID,
    messageId,
    destination: destinations,
    headersTruncated: false,
    headers: fields.map(({ name, value }) => ({ name, value })),
    commonHeaders: { ...toCommonHeaders(fields), messageId },
    tags: toTags(submission),
  };
}

function toCommonHeaders(fields: readonly HeaderField[]): EventMail['commonHeaders'] {
  const lists = ['From', 'To', 'Cc'].map((name) => [
    name.toLowerCase(),
    valuesOf(fields, name).map(decodeWords),
  ]);
  const texts = ['Date', 'Subject'].map((name) => [
    name.toLowerCase(),
    valuesOf(fields, name).map(decodeWords)[0],
  ]);
  return Object.fromEntries([
    ...lists.filter(([, values]) => values !== undefined && values.length > 0),
    ...texts.filter(([, value]) => value !== undefined),
  ]);
}

function toTags({ source, tags, configurationSet }: Submission): EventMail['tags'] {
  const own = tags.map(({ name }): [string, readonly string[]] => [
    name,
    tags.filter((tag) => tag.name === name).map(({ value }) => value),
  ]);
  return {
    'ses:operation': ['SendRawEmail'],
    ...(configurationSet && { 'ses:configuration-set': [configurationSet.name] }),
    'ses:source-ip': ['127.0.0.1'],
    'ses:from-domain': [domainOf(toBareAddress(source))],
    'ses:caller-identity': ['local'],
    ...Object.fromEntries(own),
  };
}

const REPORTING_HOST = 'a1-1.smtp-out.amazonses.com';

/**
 * Returns the events of an accepted message in order: `Send`, then the outcome for each recipient. Every event except `Send`
 * names one recipient, as typed.
 *
 * @param at the time of all events
 */
export function eventsOf(mail: EventMail, at: Instant): readonly SesEvent[] {
  return [
    { eventType: 'Send', mail, send: {} },
    ...mail.destination.flatMap((recipient) =>
      fatesOf(toBareAddress(recipient)).map((fate) => toEvent(fate, mail, recipient, at)),
    ),
  ];
}

function toEvent(fate: Fate, mail: EventMail, recipient: string, at: Instant): SesEvent {
  switch (fate) {
    case 'delivered':
      return {
        eventType: 'Delivery',
        mail: { ...mail, tags: { ...mail.tags, 'ses:outgoing-ip': ['127.0.0.1'] } },
        delivery: {
          timestamp: at,
          processingTimeMillis: msBetween(mail.timestamp, at),
          recipients: [recipient],
          smtpResponse: '250 2.6.0 Message received',
          reportingMTA: REPORTING_HOST,
        },
      };
    case 'bounced':
      return toHardBounce(mail, at, recipient, 'smtp; 550 5.1.1 user unknown', REPORTING_HOST);
    case 'suppressed':
      // The simulator says General. A real suppressed address gets OnAccountSuppressionList.
      return toHardBounce(
        mail,
        at,
        recipient,
        'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
        'amazonses.com',
      );
    case 'out-of-office':
      return toBounce(mail, at, {
        bounceType: 'Transient',
        bouncedRecipients: [{ emailAddress: recipient }],
      });
    case 'complained':
      return {
        eventType: 'Complaint',
        mail,
        complaint: {
          complainedRecipients: [{ emailAddress: recipient }],
          timestamp: at,
          feedbackId: newSesId(at),
          complaintSubType: null,
          complaintFeedbackType: 'abuse',
          userAgent: 'Amazon SES Mailbox Simulator',
          arrivalDate: at,
        },
      };
    default:
      return fate satisfies never;
  }
}

function toHardBounce(
  mail: EventMail,
  at: Instant,
  recipient: string,
  diagnosticCode: string,
  reportingHost: string,
): SesEvent {
  const bounced: BouncedRecipient = {
    emailAddress: recipient,
    action: 'failed',
    status: '5.1.1',
    diagnosticCode,
  };
  return toBounce(mail, at, {
    bounceType: 'Permanent',
    bouncedRecipients: [bounced],
    reportingMTA: `dns; ${reportingHost}`,
  });
}

type BounceFacts = Pick<Bounce, 'bounceType' | 'bouncedRecipients' | 'reportingMTA'>;

function toBounce(mail: EventMail, at: Instant, facts: BounceFacts): SesEvent {
  const bounce: Bounce = { ...facts, bounceSubType: 'General', timestamp: at, feedbackId: newSesId(at) };
  return { eventType: 'Bounce', mail, bounce };
}

/** The outcome of a message for one recipient. */
type Fate = 'delivered' | 'bounced' | 'out-of-office' | 'complained' | 'suppressed';

const FATES: Readonly<Record<string, readonly Fate[]>> = {
  success: ['delivered'],
  bounce: ['bounced'],
  ooto: ['delivered', 'out-of-office'],
  complaint: ['delivered', 'complained'],
  suppressionlist: ['suppressed'],
};

/**
 * Returns the outcomes of a message to a bare address. The mailbox simulator's addresses do what their names say, also with a
 * label (`bounce+anything@…`). Every other address gets its mail.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator
 */
function fatesOf(address: string): readonly Fate[] {
  const mailbox = address.toLowerCase().split(/[+@]/, 1)[0] ?? '';
  const fates = isSimulator(address) && Object.hasOwn(FATES, mailbox) ? FATES[mailbox] : undefined;
  return fates ?? ['delivered'];
}
