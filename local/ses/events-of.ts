import { type Instant, msBetween } from '../../shared/domain/time.ts';
import { toBareAddress } from './address.ts';
import type { Bounce, BouncedRecipient, EventMail, SesEvent } from './event.ts';
import { newSesId } from './ses-id.ts';
import { type Fate, fatesOf } from './simulator.ts';

const REPORTING_HOST = 'a1-1.smtp-out.amazonses.com';

/**
 * The events about an accepted message in the order in which they happen: `Send`, then for each recipient what became of
 * it. Every event but `Send` names one recipient, as typed.
 *
 * @param at when all of it happens
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
      // The simulator says General here, where a real suppressed address gives OnAccountSuppressionList.
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
