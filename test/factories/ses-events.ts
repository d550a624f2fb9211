import type { MailFeedback } from '../../shared/domain/digests/feedback.ts';

/** The key of the digest in these events and feedback: a daily digest of `subscriber-0000`. */
export const FEEDBACK_KEY = {
  subscriberId: 'subscriber-0000',
  cadence: 'daily',
  period: '2026-01-05',
} as const;

/** When the digest was sent. */
const SENT_AT = '2026-01-05T08:00:00.000Z';

/** Creates a Delivery event of SES. An override of `undefined` removes a part. */
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

/** Creates the `mail` part of an event. */
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

/** The tags in events about a mail that the same subscriber requested on the web. */
export const ACCOUNT_EVENT_TAGS = { mail: ['account'], subscriber: ['subscriber-0000'] } as const;

/** Creates a Bounce event of this type. */
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

/** Creates a Complaint event. */
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

/** Returns an event in the envelope of SNS. */
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

/** Creates feedback about that digest. By default it was delivered. */
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
