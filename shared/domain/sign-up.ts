import { hasEnded, type SignUp, type Subscriber } from './subscriber.ts';
import { addMs, type Instant, MS_PER_DAY, MS_PER_MINUTE } from './time.ts';

/** How long a sign-up can be confirmed. */
export const CONFIRM_WITHIN_MS = 2 * MS_PER_DAY;

/** How far the clocks of two functions may be apart. */
const CLOCK_SKEW_MS = 60_000;

/** How a sign-up is answered: by asking to confirm, by telling that there is a subscription, or not at all. */
export type SignUpAnswer = 'confirm' | 'manage' | 'none';

/**
 * How to answer somebody who signs up an address, by what is known of it. A stranger may be the one who asks, so nothing that
 * the owner chose is touched, and nobody is mailed whose mails came back or who complained: these come again by a link in a
 * mail they have.
 */
export function answerSignUp(known: Pick<Subscriber, 'status'> | undefined): SignUpAnswer {
  if (!known) return 'confirm';
  switch (known.status) {
    case 'unconfirmed':
    case 'unsubscribed':
      return 'confirm';
    case 'confirmed':
    case 'paused':
      return 'manage';
    case 'bounced':
    case 'complained':
      return 'none';
    default:
      return known.status satisfies never;
  }
}

/**
 * The sign-up that a mail asked to confirm; undefined where none waits for that: it was confirmed before, given up, or another
 * one came after the mail, which its reader has not seen.
 */
export function findSignUp(subscriber: Subscriber, mailedAt: Instant): SignUp | undefined {
  const { signUp } = subscriber;
  if (!signUp || answerSignUp(subscriber) !== 'confirm') return undefined;
  return signUp.at <= addMs(mailedAt, CLOCK_SKEW_MS) ? signUp : undefined;
}

/** The subscriber once the owner of the address confirmed a sign-up, with what was asked for then; undefined where none waits. */
export function confirmSignUp(
  subscriber: Subscriber,
  { at, from, mailedAt }: { readonly at: Instant; readonly from: string; readonly mailedAt: Instant },
): Subscriber | undefined {
  const signUp = findSignUp(subscriber, mailedAt);
  if (!signUp) return undefined;
  const { timeZone, hour, subscriptions, text } = signUp;
  return {
    ...subscriber,
    ...{ status: 'confirmed', timeZone, hour, subscriptions, softBounces: 0 },
    ...{ signUp: undefined, pausedUntil: undefined, firstSoftBounceAt: undefined },
    ...{ endedAt: undefined, endedBy: undefined },
    consent: { at, from, text, requestedAt: signUp.at, requestedFrom: signUp.from },
  };
}

/** The subscriber after signing up anew, over an earlier sign-up that was not confirmed. */
export function withSignUp(subscriber: Subscriber, signUp: SignUp): Subscriber {
  return { ...subscriber, signUp };
}

/** A subscriber who left, mailed again because the owner of the address asks for it; undefined where there is nothing to resume. */
export function resubscribe(subscriber: Subscriber, consent: Subscriber['consent']): Subscriber | undefined {
  if (!hasEnded(subscriber)) return undefined;
  return {
    ...subscriber,
    ...{ status: 'confirmed', consent, softBounces: 0, firstSoftBounceAt: undefined },
    ...{ endedAt: undefined, endedBy: undefined },
  };
}

/** How many minutes the buttons work by which somebody who has just unsubscribed takes it back. */
export const TAKE_BACK_MINUTES = 15;

/**
 * Whether the link that unsubscribed may also take it back: only within minutes, and only if it was that kind of link. Later
 * somebody else may hold it, because mails are forwarded. Never after a bounce or a complaint.
 */
export function mayTakeBack(
  { status, endedAt, endedBy }: Pick<Subscriber, 'status' | 'endedAt' | 'endedBy'>,
  now: Instant,
): boolean {
  const isRecent = endedAt !== undefined && now < addMs(endedAt, TAKE_BACK_MINUTES * MS_PER_MINUTE);
  return status === 'unsubscribed' && endedBy === 'link' && isRecent;
}
