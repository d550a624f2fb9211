import type { DeliveryKey } from '../domain/delivery.ts';
import {
  applyFeedback,
  concernsSubscriber,
  type FeedbackKind,
  type MailFeedback,
  toOutcome,
} from '../domain/feedback.ts';
import type { Clock } from '../domain/time.ts';
import type { UnknownEvent } from '../feedback/parse-ses-event.ts';
import type { MetricName, Telemetry } from '../observability.ts';
import type { DeliveryRepository } from '../ports/deliveries.ts';
import type { SubscriberRepository } from '../ports/subscribers.ts';
import { changeSubscriber, profileAfter } from '../subscribers/change-subscriber.ts';

export interface FeedbackPorts {
  readonly subscribers: SubscriberRepository;
  readonly deliveries: DeliveryRepository;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const METRICS: Readonly<Partial<Record<FeedbackKind, MetricName>>> = {
  rejected: 'MailsRejected',
  delivered: 'MailsDelivered',
  bounced: 'MailsBounced',
  'soft-bounced': 'MailsBounced',
  complained: 'MailsComplained',
};

/**
 * Acts on what became of a mail: settles its digest in the ledger, if it brought one, and ends the mails of a subscriber who
 * bounced or complained. The ledger and the profile are apart, so that a complaint counts when its digest is long forgotten.
 * Feedback may come again, late and in any order. What fits nothing here is counted and left alone, but for the digest whose mail
 * it shows to be sent.
 *
 * @throws ConflictError when others keep changing the same record
 */
export async function handleFeedback(
  ports: FeedbackPorts,
  feedback: MailFeedback | UnknownEvent,
): Promise<void> {
  if (feedback.kind === 'unknown') return handleUnknown(ports, feedback);
  const { kind, subscriberId, digest, messageId, reason } = feedback;

  const isInLedger = digest && (await settleDigest(ports, digest, feedback));
  const isSubscribed = !concernsSubscriber(feedback) || (await changeProfile(ports, feedback));

  if (kind === 'reported') ports.telemetry.warn('A mail server reported a mail', { messageId, reason });
  const metric = METRICS[kind];
  if (metric) ports.telemetry.count(metric, 1);
  if (isInLedger === false || !isSubscribed) {
    countUnknown(ports, { kind, messageId, subscriberId, ...digest, isInLedger, isSubscribed });
  }
}

async function handleUnknown(ports: FeedbackPorts, { sent, ...found }: UnknownEvent): Promise<void> {
  if (sent?.digest) await settleDigest(ports, sent.digest, sent);
  countUnknown(ports, { ...found, ...sent?.digest });
}

/** Returns whether the ledger knows the message. */
async function settleDigest(
  { deliveries, clock }: FeedbackPorts,
  digest: DeliveryKey,
  feedback: MailFeedback,
): Promise<boolean> {
  const recorded = await deliveries.recordEvent(digest, toOutcome(feedback), clock.now());
  return recorded !== undefined && 'messageId' in recorded && recorded.messageId === feedback.messageId;
}

/**
 * Returns whether there is such a subscriber: they may be erased. The tag of the mail names them, whatever address the feedback
 * names, because each mail has one recipient, who may forward it.
 */
async function changeProfile(ports: FeedbackPorts, feedback: MailFeedback): Promise<boolean> {
  const { subscriberId } = feedback;
  const outcome = await changeSubscriber(ports.subscribers, subscriberId, (subscriber) =>
    applyFeedback(subscriber, feedback),
  );
  const profile = profileAfter(outcome);
  if (!profile) return false;
  if (feedback.kind !== 'delivered') {
    const { status, softBounces } = profile;
    ports.telemetry.info('A mail came back', { kind: feedback.kind, subscriberId, status, softBounces });
  }
  return true;
}

function countUnknown({ telemetry }: FeedbackPorts, fields: Readonly<Record<string, unknown>>): void {
  telemetry.info('Feedback fits nothing here', fields);
  telemetry.count('FeedbackUnknown', 1);
}
