import type { DeliveryKey, SettledOutcome } from './delivery.ts';
import { endWith, hasEnded, type Subscriber } from './subscriber.ts';
import { type Instant, MS_PER_DAY, msBetween } from './time.ts';

/** What became of a mail, in the order in which it can happen. */
export type FeedbackKind =
  /** SES took it, and tries to deliver it. */
  | 'sent'
  /** SES took it, and then would not deliver it: the digest failed. */
  | 'rejected'
  /** The mail server of the recipient took it. */
  | 'delivered'
  /** It came back for good: there is no such mailbox, or SES has it on its suppression list. */
  | 'bounced'
  /** It came back, and another day it may not: the mailbox is full, the server is down. */
  | 'soft-bounced'
  /** A machine answered in the recipient's absence; the mail arrived. */
  | 'auto-replied'
  /** The recipient called it spam. */
  | 'complained'
  /** The recipient took it out of the spam folder. */
  | 'not-spam'
  /** A mail server reported a fault of the mail, such as a failed authentication. No reader complained. */
  | 'reported';

/** What is told about a mail to a subscriber. */
export interface MailFeedback {
  readonly kind: FeedbackKind;
  readonly subscriberId: Subscriber['id'];
  /** The digest that it brought; none for a mail that was asked for on the web. */
  readonly digest?: DeliveryKey | undefined;
  /** The id that SES gave the message. */
  readonly messageId: string;
  /** When it happened. */
  readonly at: Instant;
  /** Why it was rejected, why it came back, or what a mail server reported: `General 5.1.1`. */
  readonly reason?: string | undefined;
}

/** What is told, with the kinds that mean nothing here and the mails of anybody else as `unknown`. */
export type Feedback = MailFeedback | { readonly kind: 'unknown'; readonly what: string };

/** Soft bounces in a row after which a mailbox is given up, where they spread over at least so many days. */
export const MAX_SOFT_BOUNCES = 5;
export const SOFT_BOUNCE_DAYS = 7;

/**
 * Days without a soft bounce after which a row of them has ended. Where SES does not tell of deliveries nothing else ends
 * one. More than a month, so that those of monthly digests are one.
 */
export const SOFT_BOUNCE_LAPSE_DAYS = 35;

/** How a digest ended, by feedback about its mail: whatever else became of it, it was sent, unless SES rejected it. */
export function toOutcome({ kind, messageId, reason = 'no reason' }: MailFeedback): SettledOutcome {
  return kind === 'rejected'
    ? { state: 'failed', reason: `rejected: ${reason}`, messageId }
    : { state: 'sent', messageId };
}

/** Whether feedback may change the profile of a subscriber. */
export function concernsSubscriber({ kind }: MailFeedback): boolean {
  return kind === 'delivered' || kind === 'bounced' || kind === 'soft-bounced' || kind === 'complained';
}

/**
 * The subscriber after feedback about a mail; undefined where nothing changes, as it does when feedback comes again. What
 * happened before the subscriber agreed to the mails is past.
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

/** Only one that is later than all counted before counts, so that none counts twice; bounces at one moment are one. */
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

/** A delivery ends the row of soft bounces before it. One that is told late leaves the last bounce, which came after it. */
function endSoftBounces(subscriber: Subscriber, at: Instant): Subscriber | undefined {
  const { softBounces, firstSoftBounceAt = '', lastSoftBounceAt = '' } = subscriber;
  if (hasEnded(subscriber) || softBounces === 0 || at <= firstSoftBounceAt) return undefined;
  return at > lastSoftBounceAt
    ? { ...subscriber, softBounces: 0, firstSoftBounceAt: undefined }
    : { ...subscriber, softBounces: 1, firstSoftBounceAt: lastSoftBounceAt };
}
