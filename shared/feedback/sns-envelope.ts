import * as z from 'zod';
import { InvalidInputError } from '../domain/errors.ts';

/** What a message on the feedback queue holds: an event, or a notice about the topic itself. */
type Opened = { readonly event: unknown } | { readonly notice: string };

const envelopeSchema = z.looseObject({ Type: z.string(), Message: z.string() });

/** SES writes this, once and as plain text, to a topic that it is told to publish to. */
const VALIDATION = /^Successfully validated SNS topic/;

/**
 * Takes the event out of SNS's envelope, where it is JSON as text; a message in no envelope, as raw delivery brings it, is the
 * event itself. Confirmations of a subscription and SES's own test of the topic are notices.
 *
 * @throws InvalidInputError when the text in the envelope is anything else
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function openEnvelope(message: unknown): Opened {
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
