import { endWith, hasEnded, type Subscriber } from '../subscribers/subscriber.ts';
import { type Instant, MS_PER_DAY, msBetween } from '../time/time.ts';
import type { ClaimOutcome, DeliveryKey } from './delivery.ts';

/** What became of a mail, in the order in which it can happen. */
export type FeedbackKind =
  /** SES accepted it and tries to deliver it. */
  | 'sent'
  /** SES accepted it and then refused to deliver it. The digest failed. */
  | 'rejected'
  /** The recipient's mail server accepted it. */
  | 'delivered'
  /** It bounced permanently: the mailbox does not exist, or is on the suppression list of SES. */
  | 'bounced'
  /** It bounced temporarily: the mailbox is full, or the server is down. */
  | 'soft-bounced'
  /** An auto-reply such as out of office. The mail arrived. */
  | 'auto-replied'
  /** The recipient marked it as spam. */
  | 'complained'
  /** The recipient took it out of the spam folder. */
  | 'not-spam'
  /** A mail server reported a fault of the mail, such as a failed authentication. No reader complained. */
  | 'reported';

/** Feedback about a mail to a subscriber. */
export interface MailFeedback {
  readonly kind: FeedbackKind;
  readonly subscriberId: Subscriber['id'];
  /** The digest in the mail. Undefined for a mail that was requested on the web. */
  readonly digest?: DeliveryKey | undefined;
  /** The message id that SES assigned. */
  readonly messageId: string;
  /** When it happened. */
  readonly at: Instant;
  /** Why it was rejected or bounced, or what a mail server reported: `General 5.1.1`. */
  readonly reason?: string | undefined;
}

/** A mailbox counts as bounced after this many soft bounces in a row, over at least {@link SOFT_BOUNCE_DAYS} days. */
export const MAX_SOFT_BOUNCES = 5;
export const SOFT_BOUNCE_DAYS = 7;

/**
 * Days without a soft bounce after which a row of them ends. It is longer than a month, so that soft bounces of monthly digests form a
 * row.
 */
export const SOFT_BOUNCE_LAPSE_DAYS = 35;

/** Returns the outcome of a digest after feedback about its mail. All feedback but a rejection proves that it was sent. */
export function toOutcome({ kind, messageId, reason = 'no reason' }: MailFeedback): ClaimOutcome {
  return kind === 'rejected'
    ? { state: 'failed', reason: `rejected: ${reason}`, messageId }
    : { state: 'sent', messageId };
}

/** Returns whether feedback may change the profile of a subscriber. */
export function concernsSubscriber({ kind }: MailFeedback): boolean {
  return kind === 'delivered' || kind === 'bounced' || kind === 'soft-bounced' || kind === 'complained';
}

/**
 * Returns the subscriber after feedback about a mail. Undefined if nothing changes, for example after repeated feedback. Feedback
 * from before the consent is ignored.
 */
export function applyFeedback(
  subscriber: Subscriber,
  { kind, at, reason: note }: MailFeedback,
): Subscriber | undefined {
  if (at < subscriber.consent.at) return undefined;
  switch (kind) {
    case 'bounced':
      return endWith(subscriber, 'bounced', { at, by: 'bounce', note });
    case 'complained':
      return endWith(subscriber, 'complained', { at, by: 'complaint' });
    case 'soft-bounced':
      return countSoftBounce(subscriber, at);
    case 'delivered':
      return endSoftBounces(subscriber, at);
    case 'sent':
    case 'rejected':
    case 'auto-replied':
    case 'not-spam':
    case 'reported':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** Counts a soft bounce only if it is later than the last one, so that none counts twice. */
function countSoftBounce(subscriber: Subscriber, at: Instant): Subscriber | undefined {
  const { softBounces, firstSoftBounceAt, lastSoftBounceAt = '', consent } = subscriber;
  if (hasEnded(subscriber) || at <= lastSoftBounceAt) return undefined;
  const isInRow =
    softBounces > 0 &&
    firstSoftBounceAt !== undefined &&
    firstSoftBounceAt >= consent.at &&
    msBetween(lastSoftBounceAt || firstSoftBounceAt, at) <= SOFT_BOUNCE_LAPSE_DAYS * MS_PER_DAY;
  const row = isInRow
    ? { softBounces: softBounces + 1, firstSoftBounceAt }
    : { softBounces: 1, firstSoftBounceAt: at };
  const counted = { ...subscriber, ...row, lastSoftBounceAt: at };
  const isLasting =
    row.softBounces >= MAX_SOFT_BOUNCES &&
    msBetween(row.firstSoftBounceAt, at) >= SOFT_BOUNCE_DAYS * MS_PER_DAY;
  const note = `${row.softBounces} soft bounces in a row`;
  return isLasting ? endWith(counted, 'bounced', { at, by: 'bounce', note }) : counted;
}

/** Ends a row of soft bounces after a delivery. A delivery that is reported late keeps later bounces. */
function endSoftBounces(subscriber: Subscriber, at: Instant): Subscriber | undefined {
  const { softBounces, firstSoftBounceAt = '', lastSoftBounceAt = '' } = subscriber;
  if (hasEnded(subscriber) || softBounces === 0 || at <= firstSoftBounceAt) return undefined;
  return at > lastSoftBounceAt
    ? { ...subscriber, softBounces: 0, firstSoftBounceAt: undefined }
    : { ...subscriber, softBounces: 1, firstSoftBounceAt: lastSoftBounceAt };
}
