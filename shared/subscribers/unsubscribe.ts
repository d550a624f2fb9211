import { UnreadableError } from '../domain/errors.ts';
import { type ChangeCause, endWith, hasEnded, type Subscriber } from '../domain/subscribers/subscriber.ts';
import type { ErasableSubscriberRepository, SubscriberRepository } from '../ports/subscribers.ts';
import { changeSubscriber, profileAfter } from './change-subscriber.ts';

export type Unsubscribed =
  | { readonly kind: 'unsubscribed'; readonly subscriber: Subscriber }
  /** The subscriber already got no digests: they had unsubscribed, bounced or complained. */
  | { readonly kind: 'unchanged'; readonly subscriber: Subscriber }
  /** The profile cannot be read. It is marked, so it gets no digest after it is repaired. */
  | { readonly kind: 'unreadable' }
  /** No subscriber has the id. */
  | { readonly kind: 'unknown' };

/**
 * Ends all digests of a subscriber, even if the profile cannot be read. A repeat changes nothing.
 *
 * @throws ConflictError when other writers keep saving the profile
 */
export async function unsubscribe(
  subscribers: ErasableSubscriberRepository,
  id: Subscriber['id'],
  cause: ChangeCause,
): Promise<Unsubscribed> {
  try {
    const outcome = await changeSubscriber(subscribers, id, (known) => endWith(known, 'unsubscribed', cause));
    const subscriber = profileAfter(outcome);
    if (!subscriber) return { kind: 'unknown' };
    return { kind: outcome.kind === 'changed' ? 'unsubscribed' : 'unchanged', subscriber };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    await subscribers.endUnreadable(id, cause);
    return { kind: 'unreadable' };
  }
}

/**
 * Saves again the profile of a subscriber who left, which gives it an expiry time and a suppression. Profiles of an earlier version have
 * neither. Returns whether the subscriber had left. Any other profile stays as it is.
 *
 * @throws ConflictError when other writers keep saving the profile
 */
export async function saveLeaver(subscribers: SubscriberRepository, id: Subscriber['id']): Promise<boolean> {
  const outcome = await changeSubscriber(subscribers, id, (known) =>
    hasEnded(known) ? { ...known } : undefined,
  );
  return profileAfter(outcome) !== undefined && outcome.kind === 'changed';
}
