import type { Feedback, MailFeedback } from '../domain/feedback.ts';

/** An event that means nothing here, and what it gives to find it again. */
export type UnknownEvent = Extract<Feedback, { readonly kind: 'unknown' }> & {
  /** The id that SES gave the message. */
  readonly messageId?: string;
  /** What it tells of a mail of ours all the same: that it was sent. */
  readonly sent?: MailFeedback;
};
