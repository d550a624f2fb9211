import type { DeliveryKey } from '../domain/digests/delivery.ts';
import {
  applyFeedback,
  concernsSubscriber,
  type FeedbackKind,
  type MailFeedback,
  toOutcome,
} from '../domain/digests/feedback.ts';
import { addMs, type Clock, type Instant, MS_PER_DAY } from '../domain/time/time.ts';
import type { MetricName, Telemetry } from '../observability.ts';
import type { DeliveryRepository } from '../ports/deliveries.ts';
import type { SubscriberRepository } from '../ports/subscribers.ts';
import { changeSubscriber, profileAfter } from '../subscribers/change-subscriber.ts';
import type { UnknownEvent } from './parse-ses-event.ts';

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
 * Handles feedback about a mail. Records the outcome of its digest in the ledger, and ends all mail to a subscriber who bounced or
 * complained. The two steps are independent. So a complaint counts even if the record of its digest has expired, or cannot be written.
 * Feedback may repeat, and may come late and in any order.
 *
 * An event changes no profile if its kind is unknown, or if its mail is not from Broadsheet. An event of an unknown kind may still prove that a
 * digest was sent. Then the ledger records that.
 *
 * `FeedbackUnknown` counts these events. It also counts feedback whose message the ledger does not have, or whose subscriber has no profile.
 * A mail without a digest is not in the ledger, so only the missing profile counts.
 *
 * @throws the error of a step, after both were tried. A ConflictError says that other workers keep changing the same record. An AggregateError
 *   has the errors of both steps
 */
export async function handleFeedback(
  ports: FeedbackPorts,
  feedback: MailFeedback | UnknownEvent,
): Promise<void> {
  if (feedback.kind === 'unknown') return handleUnknown(ports, feedback);
  const { kind, subscriberId, digest, messageId, reason } = feedback;

  const [recorded, changed] = await Promise.allSettled([
    digest && recordDigest(ports, digest, feedback),
    concernsSubscriber(feedback) ? changeProfile(ports, feedback) : undefined,
  ]);
  const metric = METRICS[kind];
  // Its retry may never succeed, so it counts now.
  if (metric && changed.status === 'fulfilled') ports.telemetry.count(metric, 1);
  if (recorded.status === 'rejected' && changed.status === 'rejected') {
    const errors = [recorded.reason, changed.reason];
    throw new AggregateError(errors, errors.join('; '));
  }
  if (recorded.status === 'rejected') throw recorded.reason;
  if (changed.status === 'rejected') throw changed.reason;
  const isMessageInLedger = recorded.value;
  const hasProfile = changed.value;

  if (kind === 'reported')
    ports.telemetry.warn('A mail server reported a fault of a mail', { messageId, reason });
  if (isMessageInLedger === false || hasProfile === false) {
    const fields = { kind, messageId, subscriberId, ...digest, isMessageInLedger, hasProfile };
    ports.telemetry.info('Feedback matches no digest or no subscriber', fields);
    ports.telemetry.count('FeedbackUnknown', 1);
  }
}

async function handleUnknown(ports: FeedbackPorts, { sent, ...found }: UnknownEvent): Promise<void> {
  if (sent?.digest) await recordDigest(ports, sent.digest, sent);
  ports.telemetry.info('An event is of an unknown kind, or its mail is not from Broadsheet', {
    ...found,
    ...sent?.digest,
  });
  ports.telemetry.count('FeedbackUnknown', 1);
}

/** Records the outcome of a digest. Returns whether the ledger knows the message. */
async function recordDigest(
  { deliveries }: FeedbackPorts,
  digest: DeliveryKey,
  feedback: MailFeedback,
): Promise<boolean> {
  const recorded = await deliveries.recordEvent(digest, toOutcome(feedback));
  return recorded !== undefined && 'messageId' in recorded && recorded.messageId === feedback.messageId;
}

/**
 * Changes the profile. Returns false if there is no such subscriber, for example after an erasure. The tag of the mail names the
 * subscriber. The address in the feedback may be another one, because mails are forwarded.
 */
async function changeProfile(ports: FeedbackPorts, feedback: MailFeedback): Promise<boolean> {
  const { subscriberId } = feedback;
  const arrivedAt = await findArrival(ports, feedback);
  const outcome = await changeSubscriber(ports.subscribers, subscriberId, (subscriber) => {
    const afterArrival =
      arrivedAt === undefined
        ? undefined
        : applyFeedback(subscriber, { ...feedback, kind: 'delivered', at: arrivedAt });
    return applyFeedback(afterArrival ?? subscriber, feedback) ?? afterArrival;
  });
  const profile = profileAfter(outcome);
  if (!profile) return false;
  if (feedback.kind !== 'delivered') {
    const { status, softBounces } = profile;
    ports.telemetry.info('A mail bounced or drew a complaint', {
      kind: feedback.kind,
      subscriberId,
      status,
      softBounces,
    });
  }
  return true;
}

/**
 * Returns when a digest arrived between the previous soft bounce and this one. Undefined if none did. Such a digest resets the count of soft
 * bounces. Without `eventTracking` SES reports no deliveries. So a digest counts as arrived if it was sent and has not bounced for a day.
 */
async function findArrival(
  { subscribers, deliveries }: FeedbackPorts,
  { kind, digest, subscriberId, at }: MailFeedback,
): Promise<Instant | undefined> {
  if (kind !== 'soft-bounced' || !digest) return undefined;
  const subscriber = await subscribers.load(subscriberId);
  const bouncedAt = subscriber?.lastSoftBounceAt;
  if (!subscriber || subscriber.softBounces === 0 || bouncedAt === undefined) return undefined;
  const cadences = subscriber.subscriptions.map(({ cadence }) => cadence);
  const { others } = await deliveries.loadRecent(digest, bouncedAt, { cadences, mayBeStale: true });
  return others
    .filter(({ outcome }) => outcome.state === 'sent')
    .map(({ claimedAt }) => claimedAt)
    .filter((claimedAt) => claimedAt > bouncedAt && claimedAt < addMs(at, -MS_PER_DAY))
    .sort()
    .at(-1);
}
