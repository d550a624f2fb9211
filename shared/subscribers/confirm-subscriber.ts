import { confirmSignUp } from '../domain/sign-up.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Clock, Instant } from '../domain/time.ts';
import type { Keyring } from '../keys.ts';
import type { MailAllowanceRepository, SubscriberRepository } from '../ports.ts';
import { changeSubscriber } from './change-subscriber.ts';
import { toMailboxId } from './subscriber-id.ts';

export interface ConfirmPorts {
  readonly subscribers: SubscriberRepository;
  readonly allowances: MailAllowanceRepository;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/**
 * Confirms the sign-up that a mail asked to confirm and returns the profile; a repeat returns it as it is. Undefined where it
 * does not wait for that: it was given up since, forgotten, or followed by another.
 *
 * @param from where the consent came from: an IP address
 * @param mailedAt when the mail was made that asked for it
 * @throws ConflictError when others keep saving the profile
 */
export async function confirmSubscriber(
  { subscribers, allowances, keyring, clock }: ConfirmPorts,
  id: Subscriber['id'],
  from: string,
  mailedAt: Instant,
): Promise<Subscriber | undefined> {
  const subscriber = await changeSubscriber(subscribers, id, (known) =>
    confirmSignUp(known, { at: clock.now(), from, mailedAt }),
  );
  if (subscriber?.status !== 'confirmed' && subscriber?.status !== 'paused') return undefined;
  const { idKey } = await keyring.load();
  await allowances.answer(toMailboxId(subscriber.address, idKey));
  return subscriber;
}
