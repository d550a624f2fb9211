import type { StatusChange, Subscriber, Subscription } from '../../shared/domain/subscriber.ts';
import type { Suppression } from '../../shared/domain/suppression.ts';
import type { ErasableSubscriberRepository } from '../../shared/ports/subscribers.ts';

/** A daily subscription to the Hugging Face list, with whatever a test cares about. */
export function createSubscription(overrides: Partial<Subscription> = {}): Subscription {
  return { id: 's1', lists: ['hf-daily'], query: '', cadence: 'daily', maxPapers: 10, ...overrides };
}

/** A confirmed subscriber in Berlin, due at eight, with whatever a test cares about. */
export function createSubscriber(overrides: Partial<Subscriber> = {}): Subscriber {
  const id = overrides.id ?? 'subscriber-0000';
  return {
    id,
    address: `${id}@example.org`,
    status: 'confirmed',
    timeZone: 'Europe/Berlin',
    hour: 8,
    weekday: 1,
    format: 'html',
    subscriptions: [createSubscription()],
    consent: { at: '2026-01-01T00:00:00.000Z', from: 'the sign-up page', text: 'Send me digests.' },
    statusChanges: [],
    softBounces: 0,
    version: 0,
    ...overrides,
  };
}

/** Saves a profile of somebody who left and erases it, so that only the suppression stays. */
export async function leaveAndErase(
  subscribers: ErasableSubscriberRepository,
  id: Subscriber['id'],
  change: StatusChange & Pick<Suppression, 'status'>,
): Promise<void> {
  await subscribers.save(createSubscriber({ id, status: change.status, statusChanges: [change] }));
  await subscribers.erase(id);
}
