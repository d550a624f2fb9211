import type { Instant } from '../time/time.ts';
import { type ChangeCause, endWith, isSubscribed, lastChangeOf, type Subscriber } from './subscriber.ts';

/** The subscriber that moves to another address. `unreadable` if its profile cannot be read. Undefined if there is none. */
export type Replaced = Subscriber | 'unreadable' | undefined;

/** Returns a subscriber whose sign-up waits with everything of an earlier address that it does not name. */
export function withMoved(subscriber: Subscriber, old: Replaced): Subscriber {
  if (!old || old === 'unreadable' || !isBeforeMove(old, subscriber.signUp?.at)) return subscriber;
  const { weekday, format, mutedPapers, mutedAuthors } = old;
  return { ...subscriber, weekday, format, mutedPapers, mutedAuthors };
}

/** Returns whether a subscriber can move to another address. After a bounce they can, because the new one may work, unless they moved before. */
export function mayMove(subscriber: Pick<Subscriber, 'status' | 'statusChanges'>): boolean {
  return isSubscribed(subscriber) || (subscriber.status === 'bounced' && !hasMoved(subscriber));
}

/** The note in the history of an address whose subscriber moved to another one. */
const MOVED_NOTE = 'moved to another address';

/** Returns whether a subscriber gets no digests because they moved to another address. The email about that may have bounced. */
export function hasMoved(subscriber: Pick<Subscriber, 'status' | 'statusChanges'>): boolean {
  const last = lastChangeOf(subscriber);
  const ending = last?.status === 'bounced' ? subscriber.statusChanges.at(-2) : last;
  return ending?.note === MOVED_NOTE;
}

/**
 * Returns the earlier address of a subscriber who moved, unsubscribed. Undefined if it gets no digests, or if its owner agreed to them
 * or made its links invalid after somebody asked for the move.
 */
export function endMoved(old: Subscriber, { consent }: Subscriber, at: Instant): Subscriber | undefined {
  return isSubscribed(old) && isBeforeMove(old, consent.requestedAt)
    ? endWith(old, 'unsubscribed', toMoveCause(at))
    : undefined;
}

/** Returns the cause of the end of an address whose subscriber moved. */
export function toMoveCause(at: Instant): ChangeCause {
  return { at, by: 'confirmation', note: MOVED_NOTE };
}

/**
 * Returns whether the consent and the links of the earlier address are older than the request to move. A later consent stays. Its owner
 * makes older links invalid because somebody else may have them, who may have asked for the move.
 */
export function isBeforeMove({ consent, linksSince }: Subscriber, requestedAt: Instant | undefined): boolean {
  return requestedAt !== undefined && consent.at <= requestedAt && (linksSince ?? '') <= requestedAt;
}
