import type { ChangeCause, Subscriber, Subscription } from '../domain/subscribers/subscriber.ts';
import { toSubscriberId } from './subscriber-id.ts';

/** The known facts about a subscriber who has no profile yet. */
export interface NewSubscriber
  extends Pick<Subscriber, 'address' | 'status' | 'timeZone' | 'hour' | 'consent'>,
    Partial<Pick<Subscriber, 'weekday' | 'format'>> {
  readonly subscriptions: readonly Omit<Subscription, 'id'>[];
  /** The time and the cause of the status. */
  readonly cause: ChangeCause;
}

/** Returns a profile that was never saved, with subscriptions `s1`, `s2` and so on. Defaults are Monday for weekly digests, and HTML. */
export function createNewSubscriber(
  { subscriptions, cause, ...known }: NewSubscriber,
  idKey: string,
): Subscriber {
  return {
    id: toSubscriberId(known.address, idKey),
    weekday: 1,
    format: 'html',
    ...known,
    subscriptions: subscriptions.map((fields, index) => ({ id: `s${index + 1}`, ...fields })),
    statusChanges: [{ status: known.status, ...cause }],
    softBounces: 0,
    version: 0,
  };
}
