import { endWith, type Subscriber } from '../domain/subscriber.ts';
import type { SubscriberRepository } from '../ports.ts';
import { changeSubscriber } from '../subscribers/change-subscriber.ts';

/**
 * Ends all digests of a subscriber, those already queued too, because each profile is read again before its mail is
 * sent. A repeat, an id that nobody has, and one that bounced or complained change nothing.
 *
 * @throws ConflictError when others keep saving the profile at the same time
 */
export async function unsubscribe(subscribers: SubscriberRepository, id: Subscriber['id']): Promise<void> {
  await changeSubscriber(subscribers, id, (subscriber) => endWith(subscriber, 'unsubscribed'));
}
