import { ConflictError, InvalidInputError, UnreadableError } from '../domain/errors.ts';
import { type Subscriber, subscriberSchema } from '../domain/subscribers/subscriber.ts';
import type { SubscriberRepository } from '../ports/subscribers.ts';

/** A fault of a change. */
export interface Fault {
  /** The part of the profile, such as `['subscriptions', 0, 'query']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ChangeOutcome<Refusal extends string = never> =
  | { readonly kind: 'changed'; readonly subscriber: Subscriber }
  /** The profile was already as the change wanted it. Nothing was saved. */
  | { readonly kind: 'unchanged'; readonly subscriber: Subscriber }
  /** The change does not apply to this profile. Nothing was saved. */
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly subscriber: Subscriber }
  /** Another writer changed the profile first. Nothing was saved. */
  | { readonly kind: 'conflict'; readonly subscriber: Subscriber }
  /** The changed profile would break a rule. Nothing was saved. */
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] }
  /** No subscriber has the id. */
  | { readonly kind: 'gone' };

/**
 * Returns the changed profile, undefined to leave it as it is, or a reason to refuse. An InvalidInputError that it throws becomes
 * a fault of the outcome.
 */
export type Change<Refusal extends string = never> = (
  subscriber: Subscriber,
) => Subscriber | Refusal | undefined;

const MAX_ATTEMPTS = 4;

/** Loads a profile. Returns `unreadable` for one that does not fit its schema, and undefined if no subscriber has the id. */
export async function findProfile(
  subscribers: Pick<SubscriberRepository, 'load'>,
  id: Subscriber['id'],
): Promise<Subscriber | 'unreadable' | undefined> {
  try {
    return await subscribers.load(id);
  } catch (error) {
    if (error instanceof UnreadableError) return 'unreadable';
    throw error;
  }
}

/**
 * Loads a profile, changes it, checks it against its schema and saves it. Every change of a profile goes through here.
 *
 * @param versions the versions that the change may apply to. Without them it applies to any version, and is retried when another
 *   writer saves first
 */
export async function changeSubscriber<Refusal extends string = never>(
  subscribers: SubscriberRepository,
  id: Subscriber['id'],
  change: Change<Refusal>,
  versions?: readonly number[],
): Promise<ChangeOutcome<Refusal>> {
  for (let attempt = 1; ; attempt += 1) {
    const subscriber = await subscribers.load(id);
    if (!subscriber) return { kind: 'gone' };
    const isSeen = versions === undefined || versions.includes(subscriber.version);
    if (!isSeen || attempt > MAX_ATTEMPTS) return { kind: 'conflict', subscriber };

    const outcome = applyChange(change, subscriber);
    if (outcome.kind !== 'changed') return outcome;
    try {
      return { kind: 'changed', subscriber: await subscribers.save(outcome.subscriber) };
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

function applyChange<Refusal extends string>(
  change: Change<Refusal>,
  subscriber: Subscriber,
): ChangeOutcome<Refusal> {
  try {
    const changed = change(subscriber);
    if (changed === undefined) return { kind: 'unchanged', subscriber };
    if (typeof changed === 'string') return { kind: 'refused', reason: changed, subscriber };
    const faults = findFaults(changed, subscriber);
    return faults.length === 0 ? { kind: 'changed', subscriber: changed } : { kind: 'invalid', faults };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { kind: 'invalid', faults: [{ path: error.path, message: error.message }] };
  }
}

/** Returns the faults of a changed profile. Faults that the profile had before do not count, so a reader can always leave. */
function findFaults(changed: Subscriber, before: Subscriber): readonly Fault[] {
  const faultsOf = (subscriber: Subscriber) => subscriberSchema.safeParse(subscriber).error?.issues ?? [];
  const faults = faultsOf(changed);
  if (faults.length === 0) return [];
  const known = new Set(faultsOf(before).map(({ message }) => message));
  return faults
    .filter(({ message }) => !known.has(message))
    .map(({ path, message }) => ({ path: path.map(toKey), message }));
}

function toKey(part: PropertyKey): string | number {
  return typeof part === 'symbol' ? part.toString() : part;
}

/**
 * Returns the profile after a change, or undefined if the subscriber does not exist. A conflict or an invalid profile is an error
 * here, so the caller retries its queue message or fails its command.
 *
 * @throws ConflictError when other writers kept saving the profile
 * @throws InvalidInputError when the changed profile would break a rule
 */
export function profileAfter(outcome: ChangeOutcome<string>): Subscriber | undefined {
  switch (outcome.kind) {
    case 'changed':
    case 'unchanged':
    case 'refused':
      return outcome.subscriber;
    case 'gone':
      return undefined;
    case 'conflict':
      throw new ConflictError(`other writers kept saving the profile of ${outcome.subscriber.id}`);
    case 'invalid':
      throw new InvalidInputError(outcome.faults.map(({ message }) => message).join('; '));
    default:
      return outcome satisfies never;
  }
}
