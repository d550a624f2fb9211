import type { PaperId } from '../domain/papers/paper.ts';
import type { Instant } from '../domain/time/time.ts';

/** A mail to one recipient, ready to send. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  /** The whole message, RFC 5322 with MIME, as SES takes it: in base64, with `+`, `/` and `=` escaped as in a form. */
  readonly raw: string;
  /** Tags that the events about the mail repeat. Names and values have at most 255 characters of `[A-Za-z0-9_-]`. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The mail of a digest. */
export interface DigestMail extends Mail {
  /** The papers in it, each once. Selected papers that did not fit come in a later digest. */
  readonly paperIds: readonly PaperId[];
  /** When the news of each repeated paper became known. */
  readonly newsAt?: ReadonlyMap<PaperId, Instant>;
}

/** The result of sending a mail to SES. Only `accepted` and `uncertain` mails may have been sent. */
export type SendResult =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** SES refuses this recipient or this content for good. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Mails are sent too fast. */
  | { readonly kind: 'throttled' }
  /** SES could not be reached, so the mail was not sent. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The 24-hour quota of the account is used up. */
  | { readonly kind: 'quota-used-up' }
  /** No mail can go out until an operator fixes the account or the deployment. */
  | { readonly kind: 'stopped'; readonly reason: string }
  /** The request went out, and no clear answer came: a time-out, a reset, a fault of SES or an answer without an id. */
  | { readonly kind: 'uncertain'; readonly reason: string };

export interface Mailer {
  send(mail: Mail): Promise<SendResult>;
}

/** How much the account may send. Every mail has one recipient. */
export interface SendQuota {
  /** Mails a second. */
  readonly maxPerSec: number;
  /** Mails in any 24 hours. `Infinity` if there is no limit. */
  readonly maxPerDay: number;
  /** Mails in the last 24 hours. */
  readonly sentLastDay: number;
}

export interface SendQuotaReader {
  load(): Promise<SendQuota>;
}

/** The batches that wait for the daily quota, first in, first out. The time when a batch was queued identifies it. */
export interface Waitlist {
  /** When the oldest batch was queued. Undefined if none was seen waiting in the hour from `seenSince`. */
  loadOldest(seenSince: Instant): Promise<Instant | undefined>;
  /** Records a batch that was seen waiting at `at`, unless an older one was seen in the hour from `seenSince`. */
  add(queuedAt: Instant, at: Instant, seenSince: Instant): Promise<void>;
}

/**
 * The kinds of mails about a subscription. `moved` tells an earlier address of a change of address. The others answer a request from the
 * web.
 */
export type AccountMailKind = 'confirm' | 'already-subscribed' | 'manage-link' | 'data-link' | 'moved';
