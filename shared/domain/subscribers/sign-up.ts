import { UNCONFIRMED_RETENTION_DAYS } from '../retention.ts';
import { addMs, CLOCK_SKEW_MS, type Instant, MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from '../time/time.ts';
import { isBeforeMove, type Replaced, withMoved } from './move.ts';
import { statusAt } from './pause.ts';
import {
  type ChangeCause,
  hasEnded,
  isSubscribed,
  lastChangeOf,
  type SignUp,
  type Subscriber,
  signUpSchema,
  withStatus,
} from './subscriber.ts';

/** How many hours a sign-up can be confirmed. */
export const CONFIRM_WITHIN_HOURS = 48;

export const CONFIRM_WITHIN_MS = CONFIRM_WITHIN_HOURS * MS_PER_HOUR;

/**
 * How long a sign-up with the same choices is a repeat of the waiting one. The profile expires by the time of the waiting one, so the link
 * of the last repeat works for its whole time.
 */
export const REPEAT_WITHIN_MS = UNCONFIRMED_RETENTION_DAYS * MS_PER_DAY - CONFIRM_WITHIN_MS;

/** How many minutes a data link works, which can export and erase. It is short because mails are forwarded. */
export const DATA_LINK_MINUTES = 30;

/** The answer to a sign-up: a mail to confirm, a mail with a link to manage, or none. */
export type SignUpAnswer = 'confirm' | 'manage' | 'none';

/**
 * Returns how to answer a sign-up of an address. A stranger may sign it up, so the owner's choices stay, and a bounced mailbox gets no
 * mail. An address that complained never gets one. Only the operator can restore it.
 *
 * @param isByLink whether the sign-up comes from a link that was mailed to the address. Then even a bounced mailbox gets a mail,
 *   which shows whether it works again
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

/** Returns whether a link to manage or to one's data may be mailed. It is not after a bounce or a complaint, or before a confirmation. */
export function mayGetLink(subscriber: Pick<Subscriber, 'status'>): boolean {
  return isSubscribed(subscriber) || subscriber.status === 'unsubscribed';
}

/**
 * Returns the newest unconfirmed sign-up, if any. A bounce removes it. So if a bounced subscriber has one, a link in a mail made it
 * after the bounce.
 */
export function findSignUp(subscriber: Subscriber): SignUp | undefined {
  return answerSignUp(subscriber, true) === 'confirm' ? subscriber.signUp : undefined;
}

/**
 * The sign-up that a mail showed: the one made at `signUpAt`. A mail of an earlier version has only its own time, to the second.
 */
export type MailedSignUp = { readonly signUpAt: Instant } | { readonly mailedAt: Instant | undefined };

/** Whether a mail showed this sign-up. Another one may be a stranger's. */
export function isAsMailed({ at }: SignUp, mailed: MailedSignUp): boolean {
  if ('signUpAt' in mailed) return at === mailed.signUpAt;
  return mailed.mailedAt !== undefined && secondOf(at) <= secondOf(mailed.mailedAt);
}

function secondOf(at: Instant): string {
  return at.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
}

/** The choices of the reader when confirming. A missing choice is taken from the sign-up. */
export type ConfirmedChoices = {
  readonly [Name in 'timeZone' | 'hour' | 'weekday' | 'format' | 'subscriptions']?:
    | Subscriber[Name]
    | undefined;
};

/** The confirmation of a sign-up: its time, IP address, mail and choices. */
export interface Confirmation {
  readonly at: Instant;
  readonly from: string;
  readonly mailed: MailedSignUp;
  /** When the sign-up was made that the reader saw on the page. @default the mail is all that they saw */
  readonly seenAt?: Instant | undefined;
  readonly choices?: ConfirmedChoices;
}

/**
 * Returns the subscriber after the owner of the address confirmed a sign-up. `nothing` means that there is none. `newer` means that
 * there is a newer one than the mail showed. Then only choices that the reader has seen count, so the confirmation must name zone,
 * hour and subscriptions. A change of address that the reader has not seen does not count.
 *
 * @param replaced the subscriber that moves to this address, as it is now. Its pause goes on, because a confirmation does not say that
 *   it should end. Nothing of it moves if its links or its consent
 *   changed after the request.
 */
export function confirmSignUp(
  subscriber: Subscriber,
  { at, from, mailed, seenAt, choices = {} }: Confirmation,
  replaced?: Replaced,
): Subscriber | 'nothing' | 'newer' {
  const signUp = findSignUp(subscriber);
  if (!signUp) return 'nothing';
  const isSeen =
    choices.timeZone !== undefined && choices.hour !== undefined && choices.subscriptions !== undefined;
  const isMailed = isAsMailed(signUp, mailed);
  if (!isSeen && !isMailed) return 'newer';
  const replaces = isMailed || seenAt === signUp.at ? signUp.replaces : undefined;
  const isMoving =
    typeof replaced === 'object' && replaced.id === replaces && isBeforeMove(replaced, signUp.at);
  const old = isMoving ? replaced : undefined;
  const known = withMoved(subscriber, old);
  const { timeZone = signUp.timeZone, hour = signUp.hour, subscriptions = signUp.subscriptions } = choices;
  const { weekday = known.weekday, format = known.format } = choices;
  const cause = { at, by: 'confirmation' } as const;
  const confirmed = { ...withStatus(known, 'confirmed', cause), pausedUntil: undefined };
  return {
    ...(old && statusAt(old, at) === 'paused' ? withPauseOf(old, confirmed, cause) : confirmed),
    timeZone,
    hour,
    weekday,
    format,
    subscriptions,
    softBounces: 0,
    firstSoftBounceAt: undefined,
    signUp: undefined,
    consent: {
      at,
      from,
      text: signUp.text,
      requestedAt: signUp.at,
      requestedFrom: signUp.from,
      replaces: replaced && replaces,
    },
  };
}

/** Returns the subscriber paused like another one. */
function withPauseOf({ pausedUntil }: Subscriber, subscriber: Subscriber, cause: ChangeCause): Subscriber {
  return { ...withStatus(subscriber, 'paused', cause), pausedUntil };
}

/**
 * Returns the subscriber with a new sign-up. Undefined if the known one is as new, because messages arrive in any order. An impatient
 * reader sends the same form again and again. Only some repeats get a mail. So a repeat within {@link REPEAT_WITHIN_MS} leaves the sign-up
 * that the mails show.
 *
 * A change of address is never a repeat, because it counts from when it was asked for, see `isBeforeMove`. Anybody can sign up the new
 * address meanwhile. That leaves a change of address that can be confirmed, because a confirmation without it leaves two subscriptions.
 */
export function withSignUp(subscriber: Subscriber, signUp: SignUp): Subscriber | undefined {
  const waiting = subscriber.signUp;
  if (!waiting) return { ...subscriber, signUp };
  const isRepeat =
    signUp.at < addMs(waiting.at, REPEAT_WITHIN_MS) && choicesOf(waiting) === choicesOf(signUp);
  const isMoving = waiting.replaces !== undefined && signUp.at < addMs(waiting.at, CONFIRM_WITHIN_MS);
  const addsNothing = signUp.replaces === undefined && (isRepeat || isMoving);
  return waiting.at >= signUp.at || addsNothing ? undefined : { ...subscriber, signUp };
}

/** Returns the choices of a sign-up as a text to compare. */
function choicesOf(signUp: SignUp): string {
  // The schema puts the fields in one order.
  const { text, timeZone, hour, subscriptions, replaces } = signUpSchema.parse(signUp);
  return JSON.stringify([text, timeZone, hour, subscriptions, replaces]);
}

/**
 * Returns the subscriber confirmed again after unsubscribing. Undefined for any other status. The holder of a link may ask for this.
 * A link does not prove that a bounced mailbox works, and mails are forwarded. So after a bounce only a confirmed new sign-up
 * restarts digests. After a complaint only the operator can.
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

/** Returns the subscriber confirmed again after digests ended for any reason. Undefined if they did not end. */
export function restore(
  subscriber: Subscriber,
  consent: Subscriber['consent'],
  note?: string,
): Subscriber | undefined {
  const cause = { at: consent.at, by: 'operator', note } as const;
  return hasEnded(subscriber) ? mailAgain(subscriber, consent, cause) : undefined;
}

/** Returns the subscriber confirmed. Removes an unconfirmed sign-up, because confirming it would replace the restored choices. */
function mailAgain(subscriber: Subscriber, consent: Subscriber['consent'], cause: ChangeCause): Subscriber {
  return {
    ...withStatus(subscriber, 'confirmed', cause),
    pausedUntil: undefined,
    consent,
    softBounces: 0,
    firstSoftBounceAt: undefined,
    signUp: undefined,
  };
}

/** How many minutes the undo buttons work after unsubscribing. */
export const UNDO_MINUTES = 15;

/**
 * Whether the link that unsubscribed may undo it. It may only within some minutes, because mails are forwarded, and never after a
 * bounce or a complaint.
 */
export function mayUndoUnsubscribe(
  subscriber: Pick<Subscriber, 'status' | 'statusChanges'>,
  now: Instant,
): boolean {
  const { status, at, by } = lastChangeOf(subscriber) ?? {};
  const isRecent = at !== undefined && now < addMs(at, UNDO_MINUTES * MS_PER_MINUTE);
  return status === 'unsubscribed' && by === 'link' && isRecent;
}

/** Returns the subscriber as before the link unsubscribed them, in the same pause. Undefined if it may not undo that, or no longer. */
export function undoUnsubscribe(
  subscriber: Subscriber,
  consent: Subscriber['consent'],
): Subscriber | undefined {
  if (!mayUndoUnsubscribe(subscriber, consent.at)) return undefined;
  const cause = { at: consent.at, by: 'link' } as const;
  const mailed = mailAgain(subscriber, consent, cause);
  const wasPaused = subscriber.statusChanges.at(-2)?.status === 'paused';
  return wasPaused ? withPauseOf(subscriber, mailed, cause) : mailed;
}

/** Returns the subscriber with all earlier links to manage made invalid. */
export function renewLinks(subscriber: Subscriber, now: Instant): Subscriber {
  return { ...subscriber, linksSince: now };
}

/** Returns the time since which links of a new profile are valid. Older ones belong to an erased profile of the address. */
export function firstLinksSince({ at }: Pick<SignUp, 'at'>): Instant {
  return addMs(at, -CLOCK_SKEW_MS);
}
