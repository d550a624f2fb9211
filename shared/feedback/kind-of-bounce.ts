import type { FeedbackKind } from '../domain/feedback.ts';
import type { BouncedRecipient, SesEvent } from './ses-event-schema.ts';

/**
 * What a bounce means; undefined for a type that is unknown. SES reports an out-of-office reply as a transient bounce too, in
 * which no mail server says that anything failed. A subtype that is unknown says nothing: the type decides.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html#bounce-types
 */
export function kindOfBounce(bounce: SesEvent['bounce']): FeedbackKind | undefined {
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

/** RFC 3463: the status of a failure begins with 4 where it may pass and with 5 where it stays. */
function hasFailed({ action, status }: BouncedRecipient): boolean {
  return action?.toLowerCase() === 'failed' || /^\s*[45]\./.test(status ?? '');
}
