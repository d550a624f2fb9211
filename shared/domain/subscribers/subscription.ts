import type { Cadence } from './cadence.ts';
import { MAX_SUBSCRIPTIONS, type Subscriber, type Subscription } from './subscriber.ts';

/** A subscription without its id. */
export type SubscriptionFields = Omit<Subscription, 'id'>;

const LESS_OFTEN: Readonly<Record<Cadence, Cadence>> = {
  instant: 'daily',
  daily: 'weekly',
  weekly: 'monthly',
  monthly: 'monthly',
};

/** Returns the subscriber with one more subscription, as the last. Undefined if there are twenty already. */
export function addSubscription(subscriber: Subscriber, fields: SubscriptionFields): Subscriber | undefined {
  const { subscriptions } = subscriber;
  if (subscriptions.length >= MAX_SUBSCRIPTIONS) return undefined;
  const taken = new Set(subscriptions.map(({ id }) => id));
  const id = Array.from({ length: MAX_SUBSCRIPTIONS }, (_, n) => `s${n + 1}`).find(
    (free) => !taken.has(free),
  );
  return id === undefined
    ? undefined
    : { ...subscriber, subscriptions: [...subscriptions, { ...fields, id }] };
}

/** Returns the subscriber with one subscription changed. Undefined if there is none with this id. */
export function changeSubscription(
  subscriber: Subscriber,
  id: Subscription['id'],
  fields: Partial<SubscriptionFields>,
): Subscriber | undefined {
  if (!subscriber.subscriptions.some((subscription) => subscription.id === id)) return undefined;
  const subscriptions = subscriber.subscriptions.map((subscription) =>
    subscription.id === id ? { ...subscription, ...fields } : subscription,
  );
  return { ...subscriber, subscriptions };
}

/** Returns the subscriber without one subscription. Undefined if there is none with this id, or it is the only one. */
export function removeSubscription(subscriber: Subscriber, id: Subscription['id']): Subscriber | undefined {
  const subscriptions = subscriber.subscriptions.filter((subscription) => subscription.id !== id);
  const isRemoved = subscriptions.length < subscriber.subscriptions.length && subscriptions.length > 0;
  return isRemoved ? { ...subscriber, subscriptions } : undefined;
}

/** Returns the subscriber with each cadence one step less frequent. Undefined if all are monthly. */
export function mailLessOften(subscriber: Subscriber): Subscriber | undefined {
  if (subscriber.subscriptions.every(({ cadence }) => cadence === 'monthly')) return undefined;
  const subscriptions = subscriber.subscriptions.map((subscription) => ({
    ...subscription,
    cadence: LESS_OFTEN[subscription.cadence],
  }));
  return { ...subscriber, subscriptions };
}
