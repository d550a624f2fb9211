import pMap from 'p-map';
import type { Delivery } from '../domain/digests/delivery.ts';
import type { MailAllowance } from '../domain/subscribers/mail-allowance.ts';
import type { ChangeCause, Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Suppression } from '../domain/subscribers/suppression.ts';
import { addMs, type Clock, MS_PER_DAY } from '../domain/time/time.ts';
import type { DeliveryHistory } from '../ports/deliveries.ts';
import type { BatchRepository } from '../ports/planning.ts';
import type {
  BudgetRepository,
  ErasableSubscriberRepository,
  MailAllowanceRepository,
  SuppressionRepository,
} from '../ports/subscribers.ts';
import type { Keyring } from './keys.ts';
import { toMailboxId } from './subscriber-id.ts';
import { saveLeaver, unsubscribe } from './unsubscribe.ts';
import { dataLinkBudgetOf, movedBudgetOf } from './web-budgets.ts';

const DIGESTS_AT_ONCE = 10;

export interface PersonalDataPorts {
  readonly subscribers: ErasableSubscriberRepository;
  readonly suppressions: Pick<SuppressionRepository, 'load'>;
  readonly editions: Pick<BatchRepository, 'replaceErased'>;
  readonly history: Pick<DeliveryHistory, 'loadAll' | 'erase'>;
  readonly allowances: Pick<MailAllowanceRepository, 'load' | 'erase'>;
  readonly budgets: Pick<BudgetRepository, 'forget'>;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/** All stored data about one subscriber. */
export interface PersonalData {
  readonly profile: Subscriber;
  /** The digests of the last hundred days that can be read: when each was made, how it ended, and its papers. */
  readonly digests: readonly Delivery[];
  /** The last mail that was requested on the web, for any spelling of the address. */
  readonly requestedMail?: MailAllowance | undefined;
  /** The record that they left. It stays after the profile is erased. */
  readonly suppression?: Suppression | undefined;
}

/** Returns all stored data about a subscriber, or undefined if no subscriber has the id. */
export async function exportSubscriber(
  { subscribers, suppressions, history, allowances, keyring }: PersonalDataPorts,
  id: Subscriber['id'],
): Promise<PersonalData | undefined> {
  const profile = await subscribers.load(id);
  if (!profile) return undefined;
  const { idKey } = await keyring.load();
  const [kept, requestedMail, suppression] = await Promise.all([
    history.loadAll(id),
    allowances.load(toMailboxId(profile.address, idKey)),
    suppressions.load(id),
  ]);
  return { profile, digests: kept.flatMap(({ delivery }) => delivery ?? []), requestedMail, suppression };
}

/**
 * Erases all stored data about a subscriber, even if the profile cannot be read. Only the suppression stays, which has no address. The first
 * step stops all mails, including those of queued digests.
 *
 * A repeat after a crash erases the rest. The profile is erased last, because it leads to everything else. A digest in flight may have
 * written a record meanwhile, so the records are erased once more at the end.
 *
 * @param whom without an address, the count of mails to the mailbox stays until it expires
 */
export async function eraseSubscriber(
  ports: PersonalDataPorts,
  { id, address }: Pick<Subscriber, 'id'> & { readonly address?: string | undefined },
  by: ChangeCause['by'],
): Promise<void> {
  const { idKey } = await ports.keyring.load();
  const left = await unsubscribe(ports.subscribers, id, { at: ports.clock.now(), by });
  // A subscriber who left under an earlier version has no suppression yet.
  if (left.kind === 'unchanged') await saveLeaver(ports.subscribers, id);
  await eraseDigests(ports, id);
  if (address !== undefined) await ports.allowances.erase(toMailboxId(address, idKey));
  await forgetDailyCounts(ports, id);
  await ports.subscribers.erase(id);
  await eraseDigests(ports, id);
}

/** Erases the records of all digests. Each one names its batch, so the subscriber is removed from the batch first. */
async function eraseDigests({ editions, history }: PersonalDataPorts, id: Subscriber['id']): Promise<void> {
  await pMap(
    await history.loadAll(id),
    async ({ recordId, origin }) => {
      if (origin) await editions.replaceErased(origin, id);
      await history.erase(id, recordId);
    },
    { concurrency: DIGESTS_AT_ONCE },
  );
}

/**
 * Erases the counts of a subscriber's data links and of the mails about a move. A count expires a day after its day, so there are at most
 * two of each.
 */
export async function forgetDailyCounts(
  { budgets, clock }: { readonly budgets: Pick<BudgetRepository, 'forget'>; readonly clock: Clock },
  id: Subscriber['id'],
): Promise<void> {
  const now = clock.now();
  for (const at of [now, addMs(now, -MS_PER_DAY)]) {
    await budgets.forget(dataLinkBudgetOf(id, at));
    await budgets.forget(movedBudgetOf(id, at));
  }
}
