import { endMoved, isBeforeMove, type Replaced, toMoveCause } from '../domain/subscribers/move.ts';
import { type Confirmation, confirmSignUp, findSignUp } from '../domain/subscribers/sign-up.ts';
import { isSubscribed, type Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Clock } from '../domain/time/time.ts';
import { enqueueAll } from '../pipeline/enqueue-all.ts';
import type { DeliveryHistory } from '../ports/deliveries.ts';
import type { Queue, QueuedWebRequest } from '../ports/queues.ts';
import type {
  ErasableSubscriberRepository,
  MailAllowanceRepository,
  SubscriberRepository,
} from '../ports/subscribers.ts';
import { changeSubscriber, findProfile, profileAfter } from './change-subscriber.ts';
import type { Keyring } from './keys.ts';
import { toMailboxId } from './subscriber-id.ts';

export interface ConfirmPorts {
  readonly subscribers: ErasableSubscriberRepository;
  readonly history: Pick<DeliveryHistory, 'copySent'>;
  readonly allowances: MailAllowanceRepository;
  readonly requests: Queue<QueuedWebRequest>;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

export type ConfirmOutcome =
  | { readonly kind: 'confirmed'; readonly subscriber: Subscriber }
  /** No sign-up is waiting: it was replaced, expired or erased. */
  | { readonly kind: 'nothing' }
  /** A newer sign-up is waiting, and the reader has not seen its choices. */
  | { readonly kind: 'newer' };

/**
 * Confirms the sign-up that is waiting. If it replaces an earlier address, the digests to that address end. A repeat returns the profile as
 * it is, and ends them if the first attempt could not.
 *
 * @param confirmation its `from` is the IP address of the reader
 * @throws ConflictError when other writers keep saving a profile
 */
export async function confirmSubscriber(
  ports: ConfirmPorts,
  id: Subscriber['id'],
  confirmation: Omit<Confirmation, 'at'>,
): Promise<ConfirmOutcome> {
  const { subscribers, allowances, keyring, clock } = ports;
  const waiting = await subscribers.load(id);
  const replaced = waiting && (await findReplaced(subscribers, waiting));
  const outcome = await changeSubscriber(subscribers, id, (known) =>
    confirmSignUp(known, { at: clock.now(), ...confirmation }, replaced),
  );
  const subscriber = profileAfter(outcome);
  if (!subscriber || !isSubscribed(subscriber))
    return { kind: outcome.kind === 'refused' ? outcome.reason : 'nothing' };
  await finishMove(ports, subscriber);
  const { idKey } = await keyring.load();
  await allowances.answer(toMailboxId(subscriber.address, idKey));
  return { kind: 'confirmed', subscriber };
}

/** Returns the subscriber that the waiting sign-up replaces. Undefined if there is none, or its profile was erased. */
export async function findReplaced(
  subscribers: Pick<SubscriberRepository, 'load'>,
  subscriber: Subscriber,
): Promise<Replaced> {
  const { replaces } = findSignUp(subscriber) ?? {};
  return replaces === undefined ? undefined : findProfile(subscribers, replaces);
}

/**
 * Returns which digests the earlier address of a subscriber who moved still gets. `unfinished` means that another confirmation ends them.
 * `kept` means that they did not move. Undefined if there are none, or its profile cannot be read.
 */
export async function findEarlierDigests(
  { subscribers }: Pick<ConfirmPorts, 'subscribers'>,
  { consent: { replaces, requestedAt } }: Subscriber,
): Promise<'unfinished' | 'kept' | undefined> {
  const old = replaces === undefined ? undefined : await findProfile(subscribers, replaces);
  if (!old || old === 'unreadable' || !isSubscribed(old)) return undefined;
  return isBeforeMove(old, requestedAt) ? 'unfinished' : 'kept';
}

/**
 * How long the mail to the earlier address waits on the queue. The function that confirms stops earlier. By then the digests ended, or a
 * crash came first and there is nothing to tell.
 */
export const TELL_AFTER_SEC = 30;

/**
 * Copies what was sent to the earlier address of a subscriber who moved, and ends its digests, even if its profile cannot be read. The
 * first copy comes before the end, so a page can finish what a crash left. The second one adds what was sent meanwhile. If the earlier
 * address has an unfinished move of its own, that is finished first.
 *
 * The mail to the earlier address is queued before the end, so that a crash never loses it. A repeat after the end queues none.
 */
async function finishMove(ports: ConfirmPorts, subscriber: Subscriber): Promise<void> {
  const { subscribers, history, clock } = ports;
  const { replaces, requestedAt } = subscriber.consent;
  const old = replaces === undefined ? undefined : await findProfile(subscribers, replaces);
  if (replaces === undefined || !old) return;
  if (old !== 'unreadable') {
    if (!isBeforeMove(old, requestedAt)) return;
    await finishMove(ports, old);
  }
  await history.copySent(replaces, subscriber.id);
  if (old === 'unreadable') await subscribers.endUnreadable(replaces, toMoveCause(clock.now()));
  else {
    if (endMoved(old, subscriber, clock.now())) await tellEarlier(ports, old, subscriber);
    await changeSubscriber(subscribers, replaces, (known) => endMoved(known, subscriber, clock.now()));
  }
  await history.copySent(replaces, subscriber.id);
}

/** Queues the mail that tells the earlier address of a move. Two clicks at the same time queue it twice, with one id. */
async function tellEarlier(
  { requests }: Pick<ConfirmPorts, 'requests'>,
  { address }: Subscriber,
  { id, consent }: Subscriber,
): Promise<void> {
  const request = { kind: 'moved', id: `${id} ${consent.requestedAt}`, address } as const;
  await enqueueAll(requests, [request], TELL_AFTER_SEC);
}
