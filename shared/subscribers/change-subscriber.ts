import { ConflictError } from '../domain/errors.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { SubscriberRepository } from '../ports/subscribers.ts';

const MAX_ATTEMPTS = 4;

/**
 * Loads a profile, changes it and saves it. If another writer saves it meanwhile, it is loaded and changed again.
 *
 * @param change returns the changed profile, or undefined to leave it as it is
 * @returns the profile after the change, or undefined if nobody has the id
 * @throws ConflictError when others keep saving the profile
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
