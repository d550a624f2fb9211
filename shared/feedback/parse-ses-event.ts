import { InvalidInputError } from '../domain/errors.ts';
import type { FeedbackKind, MailFeedback } from '../domain/feedback.ts';
import { addMs, type Instant } from '../domain/time.ts';
import { parseAccountTags, parseDeliveryTags } from '../mail/mail-tags.ts';
import { readInstant } from '../sources/iso-time.ts';
import { kindOfBounce } from './kind-of-bounce.ts';
import { type SesEvent, sesEventSchema } from './ses-event-schema.ts';
import { openEnvelope } from './sns-envelope.ts';
import type { UnknownEvent } from './unknown-event.ts';

/** What an event tells beside what it tells about every mail. */
interface Account {
  readonly kind: FeedbackKind;
  /** Whether the rest of what it tells is unknown. @default false */
  readonly isUnknown?: boolean;
  readonly timestamp?: string | undefined;
  readonly reason?: string | undefined;
}

const MAX_REASON_LENGTH = 100;

/**
 * Types of complaint that no reader made, or that is none. Every other type is a complaint.
 *
 * @see https://www.iana.org/assignments/marf-parameters/marf-parameters.xhtml
 */
const REPORTS: ReadonlyMap<string, FeedbackKind> = new Map([
  ['not-spam', 'not-spam'],
  ['auth-failure', 'reported'],
  ['virus', 'reported'],
]);

/** How far the clock of SES, or of a mail server that it quotes, may be ahead of ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * What a message on the feedback queue tells, in our words. Kinds of events that mean nothing here, mails of anybody
 * else and notices about the topic are `unknown`, with the name of what was found. A bounce of a type that nobody has heard of is
 * unknown, too, but what bounces was sent.
 *
 * @param message the JSON of the message: an SES event, in SNS's envelope or not
 * @param now when it happened, where neither the event nor its mail has a time that can be read and that may have come
 * @throws InvalidInputError when it holds no SES event at all
 */
export function parseSesEvent(message: unknown, now: Instant): MailFeedback | UnknownEvent {
  const opened = openEnvelope(message);
  if ('notice' in opened) return toUnknown(opened.notice);
  const parsed = sesEventSchema.safeParse(opened.event);
  if (!parsed.success) throw new InvalidInputError('a message on the feedback queue holds no SES event');

  const { type = '', mail } = parsed.data;
  const account = readAccount(parsed.data);
  const recipient = mail && findRecipient(toSingleTags(mail.tags));
  if (!account) return toUnknown(type, mail);
  if (!mail || !recipient) return toUnknown(`${type} of another mail`, mail);
  const { kind, isUnknown = false, timestamp, reason } = account;
  const told: MailFeedback = {
    kind,
    ...recipient,
    messageId: mail.messageId,
    at: readTime([timestamp, mail.timestamp], now),
    ...(reason !== undefined && { reason: reason.slice(0, MAX_REASON_LENGTH) }),
  };
  return isUnknown ? { ...toUnknown(type, mail), sent: told } : told;
}

function readAccount({ type, bounce, complaint, delivery, reject }: SesEvent): Account | undefined {
  switch (type) {
    case 'Send':
    case 'DeliveryDelay':
      return { kind: 'sent' };
    case 'Reject':
      return { kind: 'rejected', reason: reject.reason };
    case 'Delivery':
      return { kind: 'delivered', timestamp: delivery.timestamp };
    case 'Bounce': {
      const kind = kindOfBounce(bounce);
      const { timestamp } = bounce;
      return { kind: kind ?? 'sent', isUnknown: !kind, timestamp, reason: reasonOfBounce(bounce) };
    }
    case 'Complaint': {
      const reported = complaint.complaintFeedbackType?.trim().toLowerCase() ?? '';
      const kind = REPORTS.get(reported) ?? 'complained';
      return { kind, timestamp: complaint.timestamp, ...(kind === 'reported' && { reason: reported }) };
    }
    default:
      return undefined;
  }
}

/** Why a mail came back, in the words of SES and of RFC 3463: `General 5.1.1`. A diagnostic text may name an address, so it stays out. */
function reasonOfBounce({ bounceSubType = '', bouncedRecipients }: SesEvent['bounce']): string | undefined {
  const status = bouncedRecipients.find((one) => one.status !== undefined)?.status?.trim() ?? '';
  const words = [/^[A-Za-z]{1,40}$/.exec(bounceSubType)?.[0], /^[245]\.\d{1,3}\.\d{1,3}$/.exec(status)?.[0]];
  return words.filter((word) => word !== undefined).join(' ') || undefined;
}

/** Whose mail it was, and which digest, by its tags; undefined for a mail that has none of ours. */
function findRecipient(tags: unknown): Pick<MailFeedback, 'subscriberId' | 'digest'> | undefined {
  const digest = parseDeliveryTags(tags);
  if (digest) return { subscriberId: digest.subscriberId, digest };
  const subscriberId = parseAccountTags(tags);
  return subscriberId === undefined ? undefined : { subscriberId };
}

/** Names and ids come from outside and go to a log: what may be anything but these is left out. */
function toUnknown(name: string, mail?: SesEvent['mail']): UnknownEvent {
  const what = /^[A-Za-z ]{1,60}$/.test(name) ? name : 'something else';
  const { messageId = '' } = mail ?? {};
  return { kind: 'unknown', what, ...(/^[\w-]{1,100}$/.test(messageId) && { messageId }) };
}

/** SES gives each tag as a list of values; ours have one each. */
function toSingleTags(tags: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(tags).map(([name, value]) =>
    Array.isArray(value) && value.length === 1 ? [name, value[0]] : [name, value],
  );
  return Object.fromEntries(entries);
}

/**
 * The first of these times that can be read and is not still to come, but for a clock that is ahead; else now. An event that comes
 * again must give the same time again, or it would count twice, so `now` is the last resort. SES has been seen to write
 * `2018-10-08T14:05:45 +0000`.
 */
function readTime(texts: readonly (string | undefined)[], now: Instant): Instant {
  const times = texts.map((text) => readInstant(text?.replace(/\s*([+-]\d{2}):?(\d{2})$/, '$1:$2')));
  const latest = addMs(now, CLOCK_SKEW_MS);
  return times.find((at) => at !== undefined && at <= latest) ?? now;
}
