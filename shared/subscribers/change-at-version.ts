import { ConflictError, InvalidInputError } from '../domain/errors.ts';
import { type Subscriber, subscriberSchema } from '../domain/subscriber.ts';
import type { SubscriberRepository } from '../ports/subscribers.ts';

/** What is wrong with a change, and where in the profile. */
export interface Fault {
  /** `['subscriptions', 0, 'query']` */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ChangeResult =
  | { readonly kind: 'changed'; readonly subscriber: Subscriber }
  /** Somebody else, or the same person in another window, changed the profile since it was shown. */
  | { readonly kind: 'conflict'; readonly subscriber: Subscriber }
  /** Nobody has the id. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

/**
 * Changes a profile if it still is as its owner saw it.
 *
 * @param versions the version of the profile that the change was decided on, or several of which it may have any; undefined for
 *   whatever it is now
 * @param change gives the changed profile, or undefined where there is nothing to change; what it throws as InvalidInputError
 *   is a fault of the change
 */
export async function changeAtVersion(
  subscribers: SubscriberRepository,
  id: Subscriber['id'],
  versions: number | readonly number[] | undefined,
  change: (subscriber: Subscriber) => Subscriber | undefined,
): Promise<ChangeResult> {
  const subscriber = await subscribers.load(id);
  if (!subscriber) return { kind: 'gone' };
  const isSeen = versions === undefined || [versions].flat().includes(subscriber.version);
  if (!isSeen) return { kind: 'conflict', subscriber };

  const changed = tryChange(change, subscriber);
  if (Array.isArray(changed)) return { kind: 'invalid', faults: changed };
  if (!changed) return { kind: 'changed', subscriber };
  try {
    return { kind: 'changed', subscriber: await subscribers.save(changed) };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const current = await subscribers.load(id);
    return current ? { kind: 'conflict', subscriber: current } : { kind: 'gone' };
  }
}

/** The changed profile, or what is wrong with it. */
function tryChange(
  change: (subscriber: Subscriber) => Subscriber | undefined,
  subscriber: Subscriber,
): Subscriber | undefined | Fault[] {
  try {
    const changed = change(subscriber);
    const parsed = changed && subscriberSchema.safeParse(changed);
    if (!parsed || parsed.success) return changed;
    return parsed.error.issues.map(({ path, message }) => ({ path: path.map(toKey), message }));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return [{ path: [], message: error.message }];
  }
}

function toKey(part: PropertyKey): string | number {
  return typeof part === 'symbol' ? part.toString() : part;
}
