import { ConflictError } from '../domain/errors.ts';
import type { Subscriber, SubscriberStatus } from '../domain/subscriber.ts';
import type { SubscriberRepository } from '../ports.ts';

const MAX_ATTEMPTS = 4;

/** Who is in one of these gets no mail already; why a mailbox bounced or complained is worth keeping. */
const ENDED: readonly SubscriberStatus[] = ['unsubscribed', 'bounced', 'complained'];

/**
 * Ends all digests of a subscriber, those already queued too, because each profile is read again before its mail is
 * sent. A repeat, and an id that nobody has, change nothing.
 *
 * @throws ConflictError when others keep saving the profile at the same time
 */
export async function unsubscribe(subscribers: SubscriberRepository, id: Subscriber['id']): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const subscriber = await subscribers.load(id);
    if (!subscriber || ENDED.includes(subscriber.status)) return;
    try {
      await subscribers.save({ ...subscriber, status: 'unsubscribed' });
      return;
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
