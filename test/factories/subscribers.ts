import type { Subscriber, Subscription } from '../../shared/domain/subscriber.ts';

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
