import type { FeedbackKind, MailFeedback } from '../domain/digests/feedback.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { readInstant } from '../domain/time/iso-time.ts';
import { addMs, type Instant } from '../domain/time/time.ts';
import * as z from '../domain/zod.ts';
import { parseAccountTags, parseDeliveryTags } from '../mail/mail-tags.ts';
import { type BouncedRecipient, type SesEvent, sesEventSchema } from './ses-event-schema.ts';

/** An event that changes no profile, and what identifies it in a log. */
export interface UnknownEvent {
  readonly kind: 'unknown';
  /** What was found, such as the type of the event. */
  readonly what: string;
  /** The message id that SES assigned. */
  readonly messageId?: string;
  /** Feedback that our mail was sent, if the event proves that. */
  readonly sent?: MailFeedback;
}

/** The part of an event that depends on its type. */
interface EventDetails {
  readonly kind: FeedbackKind;
  /** Whether the type of the bounce is unknown. @default false */
  readonly isUnknown?: boolean;
  readonly timestamp?: string | undefined;
  readonly reason?: string | undefined;
}

const MAX_REASON_LENGTH = 100;

/**
 * Types of report that are not a complaint by a reader. Every other type is a complaint.
 *
 * @see https://www.iana.org/assignments/marf-parameters/marf-parameters.xhtml
 */
const REPORTS: ReadonlyMap<string, FeedbackKind> = new Map([
  ['not-spam', 'not-spam'],
  ['auth-failure', 'reported'],
  ['virus', 'reported'],
]);

/** How far the clock of SES or of a mail server may be ahead of ours. */
const MAX_AHEAD_MS = 5 * 60_000;

/**
 * Returns the feedback in a message of the feedback queue. Other types of event, other senders' mails and notices about the topic are
 * `unknown`, with the name of what was found. A bounce of an unknown type is `unknown` too, but proves that the mail was sent.
 *
 * @param message the JSON of the message: an SES event, with or without SNS's envelope
 * @param now the time of the feedback if neither the event nor its mail has a valid one
 * @throws InvalidInputError if the message holds no SES event
 */
export function parseSesEvent(message: unknown, now: Instant): MailFeedback | UnknownEvent {
  const opened = openEnvelope(message);
  if ('notice' in opened) return toUnknown(opened.notice);
  const parsed = sesEventSchema.safeParse(opened.event);
  if (!parsed.success) throw new InvalidInputError('a message on the feedback queue holds no SES event');

  const { type = '', mail } = parsed.data;
  const details = readDetails(parsed.data);
  const recipient = mail && findRecipient(toSingleTags(mail.tags));
  if (!details) return toUnknown(type, mail);
  if (!mail || !recipient) return toUnknown(`${type} of another mail`, mail);
  const { kind, isUnknown = false, timestamp, reason } = details;
  const feedback: MailFeedback = {
    kind,
    ...recipient,
    messageId: mail.messageId,
    at: readTime([timestamp, mail.timestamp], now),
    ...(reason !== undefined && { reason: reason.slice(0, MAX_REASON_LENGTH) }),
  };
  return isUnknown ? { ...toUnknown(type, mail), sent: feedback } : feedback;
}

function readDetails({ type, bounce, complaint, delivery, reject }: SesEvent): EventDetails | undefined {
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

/** Returns why a mail bounced: `General 5.1.1`. Leaves out the diagnostic text, because it may contain an address. */
function reasonOfBounce({ bounceSubType = '', bouncedRecipients }: SesEvent['bounce']): string | undefined {
  const status = bouncedRecipients.find((recipient) => recipient.status !== undefined)?.status?.trim() ?? '';
  const words = [/^[A-Za-z]{1,40}$/.exec(bounceSubType)?.[0], /^[245]\.\d{1,3}\.\d{1,3}$/.exec(status)?.[0]];
  return words.filter((word) => word !== undefined).join(' ') || undefined;
}

/** Returns the subscriber and the digest from the tags of a mail. Undefined for a mail without our tags. */
function findRecipient(tags: unknown): Pick<MailFeedback, 'subscriberId' | 'digest'> | undefined {
  const digest = parseDeliveryTags(tags);
  if (digest) return { subscriberId: digest.subscriberId, digest };
  const subscriberId = parseAccountTags(tags);
  return subscriberId === undefined ? undefined : { subscriberId };
}

/** Keeps names and ids only if they have the expected form, because they come from outside and are logged. */
function toUnknown(name: string, mail?: SesEvent['mail']): UnknownEvent {
  const what = /^[A-Za-z ]{1,60}$/.test(name) ? name : 'something else';
  const { messageId = '' } = mail ?? {};
  return { kind: 'unknown', what, ...(/^[\w-]{1,100}$/.test(messageId) && { messageId }) };
}

/** Replaces lists of one value by that value: SES gives each tag as a list. */
function toSingleTags(tags: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(tags).map(([name, value]) =>
    Array.isArray(value) && value.length === 1 ? [name, value[0]] : [name, value],
  );
  return Object.fromEntries(entries);
}

/**
 * Returns the first valid time that is not in the future, with some tolerance for clock skew. Otherwise returns `now`. A repeated
 * event must give the same time, or it would count twice, so `now` is the last resort. SES sometimes writes
 * `2018-10-08T14:05:45 +0000`.
 */
function readTime(texts: readonly (string | undefined)[], now: Instant): Instant {
  const times = texts.map((text) => readInstant(text));
  const latest = addMs(now, MAX_AHEAD_MS);
  return times.find((at) => at !== undefined && at <= latest) ?? now;
}

/**
 * Returns what a bounce means. Undefined for an unknown type. SES also reports an out-of-office reply as a transient bounce, but
 * then no mail server reports a failure. An unknown subtype is ignored.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html#bounce-types
 */
function kindOfBounce(bounce: SesEvent['bounce']): FeedbackKind | undefined {
  switch (bounce.bounceType) {
    case 'Permanent':
      return 'bounced';
    case 'Undetermined':
      return 'soft-bounced';
    case 'Transient':
      return bounce.bounceSubType === 'General' && !bounce.bouncedRecipients.some(hasFailed)
        ? 'auto-replied'
        : 'soft-bounced';
    default:
      return undefined;
  }
}

/** Whether a mail server reports a failure. In RFC 3463 its status begins with 4 (temporary) or 5 (permanent). */
function hasFailed({ action, status }: BouncedRecipient): boolean {
  return action?.toLowerCase() === 'failed' || /^\s*[45]\./.test(status ?? '');
}

/** The content of a message on the feedback queue: an event, or a notice about the topic. */
type Opened = { readonly event: unknown } | { readonly notice: string };

const envelopeSchema = z.looseObject({ Type: z.string(), Message: z.string() });

/** SES publishes this text once to a new topic. */
const VALIDATION = /^Successfully validated SNS topic/;

/**
 * Returns the event in SNS's envelope, which holds it as JSON text. With raw delivery there is no envelope, and the message is the
 * event. Subscription confirmations and SES's test of the topic are notices.
 *
 * @throws InvalidInputError if the text in the envelope is not JSON
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
function openEnvelope(message: unknown): Opened {
  const envelope = envelopeSchema.safeParse(message);
  if (!envelope.success) return { event: message };
  const { Type, Message } = envelope.data;
  if (Type !== 'Notification') return { notice: Type };
  if (VALIDATION.test(Message)) return { notice: 'TopicValidated' };
  try {
    return { event: JSON.parse(Message) };
  } catch {
    // The parser's own error quotes the text, which may hold an address.
    throw new InvalidInputError('the Message of an SNS notification is not JSON');
  }
}
