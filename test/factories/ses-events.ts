import type { MailFeedback } from '../../shared/domain/feedback.ts';

/** What events and feedback made here are about: the daily digest of `subscriber-0000`. */
export const FEEDBACK_KEY = {
  subscriberId: 'subscriber-0000',
  cadence: 'daily',
  period: '2026-01-05',
} as const;

/** When it was sent. */
const SENT_AT = '2026-01-05T08:00:00.000Z';

/** A Delivery event as SES publishes it, with whatever a test cares about; `undefined` takes a part out. */
export function createSesEvent(overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    eventType: 'Delivery',
    mail: createEventMail(),
    delivery: {
      timestamp: '2026-01-05T08:00:01.000Z',
      recipients: ['subscriber-0000@example.org'],
      smtpResponse: '250 2.6.0 Message received',
    },
    ...overrides,
  };
}

/** The mail that an event is about. */
export function createEventMail(overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    timestamp: SENT_AT,
    messageId: 'message-1',
    source: 'Daily <papers@example.org>',
    destination: ['subscriber-0000@example.org'],
    tags: {
      'ses:configuration-set': ['digests'],
      cadence: ['daily'],
      period: ['2026-01-05'],
      subscriber: ['subscriber-0000'],
    },
    ...overrides,
  };
}

/** The tags by which such events name a mail that was asked for on the web, to the same subscriber. */
export const ACCOUNT_EVENT_TAGS = { mail: ['account'], subscriber: ['subscriber-0000'] } as const;

/** A Bounce event of this type. */
export function createBounceEvent(bounceType: string, bounceSubType: string, recipient: object = {}) {
  return createSesEvent({
    eventType: 'Bounce',
    bounce: {
      bounceType,
      bounceSubType,
      timestamp: '2026-01-05T08:00:02.000Z',
      bouncedRecipients: [{ emailAddress: 'subscriber-0000@example.org', ...recipient }],
    },
  });
}

/** A Complaint event, with whatever a test cares about. */
export function createComplaintEvent(complaint: object = {}) {
  return createSesEvent({
    eventType: 'Complaint',
    complaint: {
      complainedRecipients: [{ emailAddress: 'subscriber-0000@example.org' }],
      timestamp: '2026-01-05T09:00:00.000Z',
      complaintSubType: null,
      ...complaint,
    },
  });
}

/** An event in the envelope in which SNS puts it on a queue. */
export function toEnvelope(event: unknown, overrides: object = {}) {
  return {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: 'arn:aws:sns:us-east-1:123456789012:ses-events',
    Subject: 'Amazon SES Email Event Notification',
    Message: `${JSON.stringify(event)}\n`,
    ...overrides,
  };
}

/** Feedback about that digest, to its subscriber: it was delivered, unless a test says otherwise. */
export function createFeedback(overrides: Partial<MailFeedback> = {}): MailFeedback {
  return {
    kind: 'delivered',
    subscriberId: overrides.digest?.subscriberId ?? FEEDBACK_KEY.subscriberId,
    digest: FEEDBACK_KEY,
    messageId: 'message-1',
    at: '2026-01-05T08:00:01.000Z',
    ...overrides,
  };
}
