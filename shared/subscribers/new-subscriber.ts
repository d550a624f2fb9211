import type { ChangeCause, Subscriber, Subscription } from '../domain/subscriber.ts';
import { toSubscriberId } from './subscriber-id.ts';

/** What is known of a subscriber before there is one. */
export interface NewSubscriber
  extends Pick<Subscriber, 'address' | 'status' | 'timeZone' | 'hour' | 'consent'>,
    Partial<Pick<Subscriber, 'weekday' | 'format'>> {
  readonly subscriptions: readonly Omit<Subscription, 'id'>[];
  /** When they got their status, and by what. */
  readonly cause: ChangeCause;
}

/** A profile that was never saved: Mondays for weekly digests and HTML unless it is told otherwise, subscriptions `s1`, `s2`, … */
export function createNewSubscriber(
  { subscriptions, cause, ...known }: NewSubscriber,
  idKey: string,
): Subscriber {
  return {
    id: toSubscriberId(known.address, idKey),
    weekday: 1,
    format: 'html',
    ...known,
    subscriptions: subscriptions.map((fields, position) => ({ id: `s${position + 1}`, ...fields })),
    statusChanges: [{ status: known.status, ...cause }],
    softBounces: 0,
    version: 0,
  };
}
