import {
  type ChangeCause,
  hasEnded,
  lastChangeOf,
  type SignUp,
  type Subscriber,
  withStatus,
} from './subscriber.ts';
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
 * the owner chose is touched, and a mailbox that bounced gets no mail. Somebody who complained never gets one: only the operator
 * can restore them.
 *
 * @param isByLink whether they ask with a link that was once mailed to the address. Then a mail shows whether a mailbox that bounced
 *   works again.
 */
export function answerSignUp(known: Pick<Subscriber, 'status'> | undefined, isByLink = false): SignUpAnswer {
  if (!known) return 'confirm';
  switch (known.status) {
    case 'unconfirmed':
    case 'unsubscribed':
      return 'confirm';
    case 'confirmed':
    case 'paused':
      return 'manage';
    case 'bounced':
      return isByLink ? 'confirm' : 'none';
    case 'complained':
      return 'none';
    default:
      return known.status satisfies never;
  }
}

/**
 * The newest sign-up that waits to be confirmed; undefined if none does. A bounce drops the sign-up that waits, so one that waits
 * for a bounced subscriber was mailed since.
 */
export function findSignUp(subscriber: Subscriber): SignUp | undefined {
  return answerSignUp(subscriber, true) === 'confirm' ? subscriber.signUp : undefined;
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
    ...withStatus(subscriber, 'confirmed', { at, by: 'confirmation' }),
    ...{ timeZone, hour, weekday, format, subscriptions, softBounces: 0 },
    ...{ signUp: undefined, pausedUntil: undefined, firstSoftBounceAt: undefined },
    consent: { at, from, text: signUp.text, requestedAt: signUp.at, requestedFrom: signUp.from },
  };
}

/** The subscriber after signing up anew; undefined if a sign-up waits that is as new, because messages arrive in any order. */
export function withSignUp(subscriber: Subscriber, signUp: SignUp): Subscriber | undefined {
  const waiting = subscriber.signUp;
  return waiting && waiting.at >= signUp.at ? undefined : { ...subscriber, signUp };
}

/**
 * Returns the subscriber mailed again after they unsubscribed; undefined for anybody else. Whoever holds a link may ask for this. A
 * link proves nothing about a mailbox that bounced, and mails are forwarded. So after a bounce only the confirmation of a new
 * sign-up starts digests again, and after a complaint only the operator.
 */
export function resubscribe(
  subscriber: Subscriber,
  consent: Subscriber['consent'],
  by: ChangeCause['by'],
): Subscriber | undefined {
  return subscriber.status === 'unsubscribed'
    ? mailAgain(subscriber, consent, { at: consent.at, by })
    : undefined;
}

/** Returns a subscriber mailed again whose digests ended for whatever reason; undefined for anybody else. */
export function restore(
  subscriber: Subscriber,
  consent: Subscriber['consent'],
  note?: string,
): Subscriber | undefined {
  const cause = { at: consent.at, by: 'operator', note } as const;
  return hasEnded(subscriber) ? mailAgain(subscriber, consent, cause) : undefined;
}

/** A sign-up that waits is dropped: its mail must not replace what was just restored. */
function mailAgain(subscriber: Subscriber, consent: Subscriber['consent'], cause: ChangeCause): Subscriber {
  return {
    ...withStatus(subscriber, 'confirmed', cause),
    ...{ consent, softBounces: 0, firstSoftBounceAt: undefined, signUp: undefined },
  };
}

/** How many minutes the buttons work by which somebody who has just unsubscribed takes it back. */
export const UNDO_MINUTES = 15;

/**
 * Whether the link that unsubscribed may also take it back: only within minutes, and only if it was that kind of link. Later
 * somebody else may hold it, because mails are forwarded. Never after a bounce or a complaint.
 */
export function mayUndoUnsubscribe(
  subscriber: Pick<Subscriber, 'status' | 'statusChanges'>,
  now: Instant,
): boolean {
  const { status, at, by } = lastChangeOf(subscriber) ?? {};
  const isRecent = at !== undefined && now < addMs(at, UNDO_MINUTES * MS_PER_MINUTE);
  return status === 'unsubscribed' && by === 'link' && isRecent;
}

/** The subscriber once all links to manage that were made before a moment are invalid. */
export function renewLinks(subscriber: Subscriber, now: Instant): Subscriber {
  return { ...subscriber, linksSince: now };
}

/** From when on links of a new profile count: older ones are of an earlier profile of the address, which was erased. */
export function firstLinksSince({ at }: Pick<SignUp, 'at'>): Instant {
  return addMs(at, -CLOCK_SKEW_MS);
}
