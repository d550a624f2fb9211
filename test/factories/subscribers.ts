import type { StatusChange, Subscriber, Subscription } from '../../shared/domain/subscribers/subscriber.ts';
import type { Suppression } from '../../shared/domain/subscribers/suppression.ts';
import type { ErasableSubscriberRepository } from '../../shared/ports/subscribers.ts';

/** Creates a daily subscription to the Hugging Face list. */
export function createSubscription(overrides: Partial<Subscription> = {}): Subscription {
  return {
    id: 's1',
    lists: ['hf-daily'],
    query: '',
    cadence: 'daily',
    maxPapers: 10,
    sort: 'trending',
    ...overrides,
  };
}

/** Creates a confirmed subscriber in Berlin with digests at eight. */
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

/** Saves the profile of a subscriber who left, and erases it. Only the suppression stays. */
export async function leaveAndErase(
  subscribers: ErasableSubscriberRepository,
  id: Subscriber['id'],
  change: StatusChange & Pick<Suppression, 'status'>,
): Promise<void> {
  await subscribers.save(createSubscriber({ id, status: change.status, statusChanges: [change] }));
  await subscribers.erase(id);
}
