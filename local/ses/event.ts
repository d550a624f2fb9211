import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Instant } from '../../shared/domain/time.ts';

/** The kinds of events that a configuration set can publish here. */
export type SesEventType = 'Send' | 'Delivery' | 'Bounce' | 'Complaint';

/** The message that an event is about. */
export interface EventMail {
  /** When SES accepted it. */
  readonly timestamp: Instant;
  readonly source: string;
  readonly sourceArn: string;
  readonly sendingAccountId: string;
  readonly messageId: string;
  readonly destination: readonly string[];
  readonly headersTruncated: boolean;
  /** As they were handed in, without `Bcc`. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** `subject`, `date`, `messageId` as text; `from`, `to`, `cc` as lists. */
  readonly commonHeaders: Readonly<Record<string, string | readonly string[]>>;
  /** SES's own tags, such as `ses:configuration-set`, and the message's. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** A recipient that a message bounced from. Bounces by a mail server tell its answer, out-of-office replies do not. */
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

/** Gives an event to whoever listens: a topic, a queue, a test. */
export type PublishEvent = (event: SesEvent) => Promise<void>;

/** Events on their way out, behind the back of the requests that caused them. */
export interface EventQueue {
  /** Adds events; they are published one after the other, in the order in which they were added. */
  add(events: readonly SesEvent[]): void;
  /** Resolves once all events added so far are published or given up. */
  settled(): Promise<void>;
}

/**
 * A queue that publishes as soon as it can. An event that cannot be published is given up, told to `onError`, and the
 * next one is published all the same.
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
 * Publishes events to an SNS topic in the shape in which SES does: the event as JSON text with a line end behind it, under
 * SES's subject.
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
