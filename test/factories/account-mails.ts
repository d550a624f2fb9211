import type { SignUp } from '../../shared/domain/subscribers/subscriber.ts';
import type { AccountMail } from '../../shared/mail/account/account-content.ts';
import { createSubscriber, createSubscription } from './subscribers.ts';

/** The kinds of mails that readers request on the web. */
export const ACCOUNT_MAIL_KINDS = ['confirm', 'already-subscribed', 'manage-link'] as const;

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

/** Creates a mail of 7 January 2026 that asks to confirm a sign-up. */
export function createAccountMail(overrides: Partial<AccountMail> = {}): AccountMail {
  return {
    kind: 'confirm',
    subscriber: createSubscriber({ status: 'unconfirmed', signUp: createSignUp() }),
    composedAt: '2026-01-07T07:00:00.000Z',
    ...overrides,
  };
}
