import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Instant } from '../../shared/domain/time/time.ts';

/** The supported kinds of events. */
export type SesEventType = 'Send' | 'Delivery' | 'Bounce' | 'Complaint';

export interface EventMail {
  /** When SES accepted it. */
  readonly timestamp: Instant;
  readonly source: string;
  readonly sourceArn: string;
  readonly sendingAccountId: string;
  readonly messageId: string;
  readonly destination: readonly string[];
  readonly headersTruncated: boolean;
  /** As submitted, without `Bcc`. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** `subject`, `date`, `messageId` as text; `from`, `to`, `cc` as lists. */
  readonly commonHeaders: Readonly<Record<string, string | readonly string[]>>;
  /** SES's own tags, such as `ses:configuration-set`, and the message's. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** A bounced recipient. A mail server's bounce includes its answer. An out-of-office reply does not. */
export interface BouncedRecipient {
  readonly emailAddress: string;
  readonly action?: string;
  readonly status?: string;
  readonly diagnosticCode?: string;
}

export interface Bounce {
  readonly bounceType: 'Permanent' | 'Transient';
  readonly bounceSubType: 'General';
  readonly bouncedRecipients: readonly BouncedRecipient[];
  readonly timestamp: Instant;
  readonly feedbackId: string;
  readonly reportingMTA?: string;
}

interface Complaint {
  readonly complainedRecipients: readonly { readonly emailAddress: string }[];
  readonly timestamp: Instant;
  readonly feedbackId: string;
  readonly complaintSubType: null;
  readonly complaintFeedbackType: 'abuse';
  readonly userAgent: string;
  readonly arrivalDate: Instant;
}

interface Delivery {
  readonly timestamp: Instant;
  readonly processingTimeMillis: number;
  readonly recipients: readonly string[];
  readonly smtpResponse: string;
  readonly reportingMTA: string;
}

/**
 * An event as event publishing writes it, the JSON text of an SNS message.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export type SesEvent =
  | { readonly eventType: 'Send'; readonly mail: EventMail; readonly send: Readonly<Record<string, never>> }
  | { readonly eventType: 'Delivery'; readonly mail: EventMail; readonly delivery: Delivery }
  | { readonly eventType: 'Bounce'; readonly mail: EventMail; readonly bounce: Bounce }
  | { readonly eventType: 'Complaint'; readonly mail: EventMail; readonly complaint: Complaint };

/** Publishes an event, for example to a topic. */
export type PublishEvent = (event: SesEvent) => Promise<void>;

/** Publishes events in the background, after the requests that caused them. */
export interface EventQueue {
  /** Adds events. They are published one by one, in order. */
  add(events: readonly SesEvent[]): void;
  /** Resolves when all events so far are published or dropped. */
  settled(): Promise<void>;
}

/**
 * Creates a queue that publishes as soon as possible. If an event cannot be published, `onError` gets the error and the queue
 * continues with the next event.
 */
export function createEventQueue(publish: PublishEvent, onError: (error: unknown) => void): EventQueue {
  let last = Promise.resolve();
  return {
    add: (events) => {
      for (const event of events) last = last.then(() => publish(event)).catch(onError);
    },
    settled: () => last,
  };
}

/**
 * Publishes events to an SNS topic in the format of SES: JSON text with a line end, and SES's subject.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
 */
export function createSnsPublisher(client: SNSClient, topicArn: string): PublishEvent {
  return async (event) => {
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: 'Amazon SES Email Event Notification',
        Message: `${JSON.stringify(event)}\n`,
      }),
    );
  };
}
