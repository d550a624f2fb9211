import { UnreadableError } from '../domain/errors.ts';
import { type ChangeCause, endWith, hasEnded, type Subscriber } from '../domain/subscriber.ts';
import type { ErasableSubscriberRepository, SubscriberRepository } from '../ports/subscribers.ts';
import { changeSubscriber } from './change-subscriber.ts';

export type Unsubscribed =
  | { readonly kind: 'unsubscribed'; readonly subscriber: Subscriber }
  /** No digests came anyway: the subscriber had left, or the mailbox bounced or complained. */
  | { readonly kind: 'unchanged'; readonly subscriber: Subscriber }
  /** The profile cannot be read. It is marked, so no digest is sent after somebody repairs it. */
  | { readonly kind: 'unreadable' }
  /** Nobody has the id. */
  | { readonly kind: 'unknown' };

/**
 * Ends all digests of a subscriber, also of one whose profile cannot be read. A repeat changes nothing.
 *
 * @throws ConflictError when others keep saving the profile
 */
export async function unsubscribe(
  subscribers: ErasableSubscriberRepository,
  id: Subscriber['id'],
  cause: ChangeCause,
): Promise<Unsubscribed> {
  let isChanged = false;
  try {
    const subscriber = await changeSubscriber(subscribers, id, (known) => {
      const ended = endWith(known, 'unsubscribed', cause);
      isChanged = ended !== undefined;
      return ended;
    });
    if (!subscriber) return { kind: 'unknown' };
    return { kind: isChanged ? 'unsubscribed' : 'unchanged', subscriber };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    await subscribers.endUnreadable(id, cause);
    return { kind: 'unreadable' };
  }
}

/**
 * Saves somebody who left once more, so that the profile has its time of expiry and its suppression. That of an earlier version has
 * neither. Returns whether they had left; anybody else stays as they are.
 *
 * @throws ConflictError when others keep saving the profile
 */
export async function saveLeaver(subscribers: SubscriberRepository, id: Subscriber['id']): Promise<boolean> {
  const saved = await changeSubscriber(subscribers, id, (known) =>
    hasEnded(known) ? { ...known } : undefined,
  );
  return saved !== undefined && hasEnded(saved);
}
