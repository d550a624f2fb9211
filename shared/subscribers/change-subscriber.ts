import { ConflictError } from '../domain/errors.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { SubscriberRepository } from '../ports.ts';

const MAX_ATTEMPTS = 4;

/**
 * Changes a profile as it is now and returns it as it stands then; undefined where nobody has the id. When somebody else saves
 * it meanwhile, it is loaded and changed anew.
 *
 * @param change gives the changed profile, or undefined to leave it, which costs no write
 * @throws ConflictError when others keep saving the profile at the same time
 */
export async function changeSubscriber(
  subscribers: SubscriberRepository,
  id: Subscriber['id'],
  change: (subscriber: Subscriber) => Subscriber | undefined,
): Promise<Subscriber | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const subscriber = await subscribers.load(id);
    const changed = subscriber && change(subscriber);
    if (!changed) return subscriber;
    try {
      return await subscribers.save(changed);
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
