import { toMoveCause } from '../../shared/domain/subscribers/move.ts';
import { type SignUp, type Subscriber, withStatus } from '../../shared/domain/subscribers/subscriber.ts';
import type { AccountMail } from '../../shared/mail/account/account-content.ts';
import { createSubscriber, createSubscription } from './subscribers.ts';

/** The kinds of account mails, but not the one with a data link. */
export const ACCOUNT_MAIL_KINDS = ['confirm', 'already-subscribed', 'manage-link', 'moved'] as const;

/** Creates a sign-up in Berlin for every paper of the Hugging Face list, daily at eight. */
export function createSignUp(overrides: Partial<SignUp> = {}): SignUp {
  return {
    at: '2026-01-07T06:59:00.000Z',
    from: '192.0.2.1',
    text: 'Send me digests.',
    timeZone: 'Europe/Berlin',
    hour: 8,
    subscriptions: [createSubscription()],
    ...overrides,
  };
}

/** Creates an earlier address, whose subscriber moved to another one a minute before {@link createAccountMail}. */
export function createMoved(overrides: Partial<Subscriber> = {}): Subscriber {
  return withStatus(createSubscriber(overrides), 'unsubscribed', toMoveCause('2026-01-07T06:59:00.000Z'));
}

/** Creates a mail of 7 January 2026. Without a kind, it asks to confirm a sign-up. */
export function createAccountMail(overrides: Partial<AccountMail> = {}): AccountMail {
  const subscriber =
    overrides.kind === 'moved'
      ? createMoved()
      : createSubscriber({ status: 'unconfirmed', signUp: createSignUp() });
  return { kind: 'confirm', subscriber, composedAt: '2026-01-07T07:00:00.000Z', ...overrides };
}
