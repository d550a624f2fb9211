import { type Confirmation, confirmSignUp } from '../domain/subscribers/sign-up.ts';
import { isSubscribed, type Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Clock } from '../domain/time/time.ts';
import type { MailAllowanceRepository, SubscriberRepository } from '../ports/subscribers.ts';
import { changeSubscriber, profileAfter } from './change-subscriber.ts';
import type { Keyring } from './keys.ts';
import { toMailboxId } from './subscriber-id.ts';

export interface ConfirmPorts {
  readonly subscribers: SubscriberRepository;
  readonly allowances: MailAllowanceRepository;
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
 * Confirms the sign-up that is waiting. A repeat returns the profile as it is.
 *
 * @param confirmation its `from` is the IP address of the reader
 * @throws ConflictError when other writers keep saving the profile
 */
export async function confirmSubscriber(
  { subscribers, allowances, keyring, clock }: ConfirmPorts,
  id: Subscriber['id'],
  confirmation: Omit<Confirmation, 'at'>,
): Promise<ConfirmOutcome> {
  const outcome = await changeSubscriber(subscribers, id, (known) =>
    confirmSignUp(known, { at: clock.now(), ...confirmation }),
  );
  const subscriber = profileAfter(outcome);
  if (!subscriber || !isSubscribed(subscriber))
    return { kind: outcome.kind === 'refused' ? outcome.reason : 'nothing' };
  const { idKey } = await keyring.load();
  await allowances.answer(toMailboxId(subscriber.address, idKey));
  return { kind: 'confirmed', subscriber };
}
