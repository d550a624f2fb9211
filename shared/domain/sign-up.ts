import { hasEnded, type SignUp, type Subscriber } from './subscriber.ts';
import { addMs, type Instant, MS_PER_DAY, MS_PER_MINUTE } from './time.ts';

/** How long a sign-up can be confirmed. */
export const CONFIRM_WITHIN_MS = 2 * MS_PER_DAY;

/** How many minutes a link works that exports and erases. Mails are forwarded, so it is mailed on request and soon ends. */
export const DATA_LINK_MINUTES = 30;

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

/** The newest sign-up that waits to be confirmed; undefined if none does. */
export function findSignUp(subscriber: Subscriber): SignUp | undefined {
  return answerSignUp(subscriber) === 'confirm' ? subscriber.signUp : undefined;
}

/**
 * Which sign-up a mail showed: the one made at `signUpAt`. A mail of an earlier version tells only when it was made, to the
 * second.
 */
export type MailedSignUp = { readonly signUpAt: Instant } | { readonly mailedAt: Instant };

/** Whether a mail showed this sign-up. Another one may be a stranger's. */
export function isAsMailed({ at }: SignUp, mailed: MailedSignUp): boolean {
  return 'signUpAt' in mailed ? at === mailed.signUpAt : secondOf(at) <= secondOf(mailed.mailedAt);
}

function secondOf(at: Instant): string {
  return at.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
}

/** What the reader chooses on confirming; a choice left out is as the sign-up has it. */
export type ConfirmedChoices = {
  readonly [Name in 'timeZone' | 'hour' | 'weekday' | 'format' | 'subscriptions']?:
    | Subscriber[Name]
    | undefined;
};

/** How a sign-up is confirmed: when, from which IP address, by a mail that showed which sign-up, and with which choices. */
export interface Confirmation {
  readonly at: Instant;
  readonly from: string;
  readonly mailed: MailedSignUp;
  readonly choices?: ConfirmedChoices;
}

/**
 * Returns the subscriber once the owner of the address confirmed a sign-up. `nothing` means that none waits. `newer` means that
 * another one waits than the mail showed: then only choices that the reader has seen count, so the confirmation must name zone,
 * hour and subscriptions.
 */
export function confirmSignUp(
  subscriber: Subscriber,
  { at, from, mailed, choices = {} }: Confirmation,
): Subscriber | 'nothing' | 'newer' {
  const signUp = findSignUp(subscriber);
  if (!signUp) return 'nothing';
  const isSeen =
    choices.timeZone !== undefined && choices.hour !== undefined && choices.subscriptions !== undefined;
  if (!isSeen && !isAsMailed(signUp, mailed)) return 'newer';
  const { timeZone = signUp.timeZone, hour = signUp.hour, subscriptions = signUp.subscriptions } = choices;
  const { weekday = subscriber.weekday, format = subscriber.format } = choices;
  return {
    ...subscriber,
    ...{ status: 'confirmed', timeZone, hour, weekday, format, subscriptions, softBounces: 0 },
    ...{ signUp: undefined, pausedUntil: undefined, firstSoftBounceAt: undefined },
    ...{ endedAt: undefined, endedBy: undefined },
    consent: { at, from, text: signUp.text, requestedAt: signUp.at, requestedFrom: signUp.from },
  };
}

/** The subscriber after signing up anew; undefined if a sign-up waits that is as new, because messages arrive in any order. */
export function withSignUp(subscriber: Subscriber, signUp: SignUp): Subscriber | undefined {
  const waiting = subscriber.signUp;
  return waiting && waiting.at >= signUp.at ? undefined : { ...subscriber, signUp };
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

/** The subscriber once all links to manage that were made before a moment are invalid. */
export function renewLinks(subscriber: Subscriber, now: Instant): Subscriber {
  return { ...subscriber, linksSince: now };
}

/** From when on links of a new profile count: older ones are of an earlier profile of the address, which was erased. */
export function firstLinksSince({ at }: Pick<SignUp, 'at'>): Instant {
  return addMs(at, -CLOCK_SKEW_MS);
}
