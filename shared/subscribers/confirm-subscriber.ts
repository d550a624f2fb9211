import { type Confirmation, confirmSignUp } from '../domain/sign-up.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Clock } from '../domain/time.ts';
import type { MailAllowanceRepository, SubscriberRepository } from '../ports/subscribers.ts';
import { changeSubscriber } from './change-subscriber.ts';
import type { Keyring } from './keys.ts';
import { toMailboxId } from './subscriber-id.ts';

export interface ConfirmPorts {
  readonly subscribers: SubscriberRepository;
  readonly allowances: MailAllowanceRepository;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/**
 * Confirms the sign-up that waits and returns the profile; a repeat returns it as it is. `nothing` means that no sign-up waits:
 * it was given up or forgotten. `newer` is as {@link confirmSignUp} has it.
 *
 * @param confirmation its `from` is where the consent came from: an IP address
 * @throws ConflictError when others keep saving the profile
 */
export async function confirmSubscriber(
  { subscribers, allowances, keyring, clock }: ConfirmPorts,
  id: Subscriber['id'],
  confirmation: Omit<Confirmation, 'at'>,
): Promise<Subscriber | 'nothing' | 'newer'> {
  let refusal: 'nothing' | 'newer' = 'nothing';
  const subscriber = await changeSubscriber(subscribers, id, (known) => {
    const confirmed = confirmSignUp(known, { at: clock.now(), ...confirmation });
    if (typeof confirmed !== 'string') return confirmed;
    refusal = confirmed;
    return undefined;
  });
  if (subscriber?.status !== 'confirmed' && subscriber?.status !== 'paused') return refusal;
  const { idKey } = await keyring.load();
  await allowances.answer(toMailboxId(subscriber.address, idKey));
  return subscriber;
}
