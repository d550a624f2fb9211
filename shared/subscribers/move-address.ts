import { randomUUID } from 'node:crypto';
import { normaliseAddress } from '../domain/subscribers/address.ts';
import { mayMove } from '../domain/subscribers/move.ts';
import { answerSignUp } from '../domain/subscribers/sign-up.ts';
import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Suppression } from '../domain/subscribers/suppression.ts';
import type { Clock } from '../domain/time/time.ts';
import { enqueueAll } from '../pipeline/enqueue-all.ts';
import { type Queue, type QueuedWebRequest, toQueuedRequest, type WebRequest } from '../ports/queues.ts';
import type { SubscriberRepository, SuppressionRepository } from '../ports/subscribers.ts';
import { type AskForMailPorts, askForMail } from './ask-for-mail.ts';
import { toSubscriberId } from './subscriber-id.ts';

/** The request of a subscriber to move to another address. */
export interface Move {
  readonly subscriber: Subscriber;
  readonly address: string;
  /** The consent text. */
  readonly text: string;
}

/**
 * - `asked` means that the new address gets a mail to confirm, if it can get one.
 * - `same-address` means that it is the present one.
 * - `not-subscribed` means that the subscriber left, moved before or never confirmed, so there is nothing to move.
 */
export type MoveAnswer = 'asked' | 'same-address' | 'not-subscribed';

/**
 * Queues a mail that asks the new address to confirm. The present address keeps its digests until then. It looks nothing up, so the
 * answer does not reveal who is subscribed.
 *
 * @param clientAddress the IP address of the client
 * @returns also `too-many-requests` if this client or its network asked too often in this hour
 */
export async function askToMove(
  ports: AskForMailPorts,
  move: Move,
  clientAddress: string | undefined,
): Promise<MoveAnswer | 'too-many-requests'> {
  const fault = findFault(move);
  if (fault) return fault;
  const request = toRequest(move, clientAddress ?? 'unknown', ports.clock);
  return (await askForMail(ports, clientAddress, request)) ? 'asked' : 'too-many-requests';
}

/**
 * Queues the same mail for the operator, who may know whether the new address is subscribed. `unmailable` means that it gets no mail to
 * confirm: it is subscribed, bounced or complained.
 */
export async function moveByOperator(
  ports: {
    readonly subscribers: Pick<SubscriberRepository, 'load'>;
    /** Records of subscribers who left and whose profile is erased. */
    readonly suppressions: Pick<SuppressionRepository, 'load'>;
    readonly requests: Queue<QueuedWebRequest>;
    readonly clock: Clock;
  },
  move: Move,
  idKey: string,
): Promise<
  { readonly kind: MoveAnswer } | { readonly kind: 'unmailable'; readonly known: Subscriber | Suppression }
> {
  const fault = findFault(move);
  if (fault) return { kind: fault };
  const id = toSubscriberId(move.address, idKey);
  const known = (await ports.subscribers.load(id)) ?? (await ports.suppressions.load(id));
  if (known && answerSignUp(known) !== 'confirm') return { kind: 'unmailable', known };
  await enqueueAll(ports.requests, [toQueuedRequest(toRequest(move, 'operator', ports.clock))]);
  return { kind: 'asked' };
}

function findFault({ subscriber, address }: Move): Exclude<MoveAnswer, 'asked'> | undefined {
  if (!mayMove(subscriber)) return 'not-subscribed';
  return normaliseAddress(address) === normaliseAddress(subscriber.address) ? 'same-address' : undefined;
}

/** Returns a sign-up of the new address with the present choices. */
function toRequest({ subscriber, address, text }: Move, from: string, clock: Clock): WebRequest {
  const { id: replaces, timeZone, hour, subscriptions } = subscriber;
  const signUp = { at: clock.now(), from, text, timeZone, hour, subscriptions, replaces };
  return { kind: 'sign-up', id: randomUUID(), address, signUp };
}
