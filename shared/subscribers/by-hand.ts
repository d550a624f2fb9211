/** What the operator does for one subscriber by hand. Unsubscribing and erasing are the same for everybody. */
import { randomUUID } from 'node:crypto';
import type { MailAllowance } from '../domain/mail-allowance.ts';
import { restore } from '../domain/sign-up.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Clock } from '../domain/time.ts';
import { enqueueAll } from '../pipeline/enqueue-all.ts';
import type { Queue, WebRequest } from '../ports/queues.ts';
import type {
  BudgetRepository,
  MailAllowanceRepository,
  SubscriberRepository,
} from '../ports/subscribers.ts';
import { changeSubscriber } from './change-subscriber.ts';
import { forgetDataLinks } from './held-data.ts';
import type { Keyring } from './keys.ts';
import { toMailboxId } from './subscriber-id.ts';

/** The addresses to which the mail service sends nothing, because a mail bounced or was marked as spam. */
export interface SuppressionList {
  /** Takes an address off the list. False if it is not on it. */
  remove(address: string): Promise<boolean>;
}

export type Restored =
  | {
      readonly kind: 'restored';
      readonly subscriber: Subscriber;
      /** Whether the mail service had suppressed the address until now. */
      readonly wasSuppressed: boolean;
    }
  /** They are restored, but the mail service may still suppress the address. A repeat tries that again. */
  | { readonly kind: 'suppressed'; readonly subscriber: Subscriber; readonly cause: unknown }
  /** They marked a mail as spam, so they are restored only with `isDespiteComplaint`. */
  | { readonly kind: 'complained'; readonly subscriber: Subscriber }
  /** Their digests never ended, or they agreed again themselves. */
  | { readonly kind: 'not-ended'; readonly subscriber: Subscriber }
  /** Nobody has the id. */
  | { readonly kind: 'unknown' };

const RESTORED_TEXT =
  'The operator vouches that the reader asked for digests again; no mail asked them to confirm.';

/**
 * Starts the digests again of somebody who unsubscribed, bounced or complained. The consent that is kept says that the operator
 * vouches for it. The mail service sends nothing to a suppressed address, so it is taken off that list once the profile is saved: a
 * complaint that comes first leaves it there. A repeat takes it off again.
 *
 * @param options `isDespiteComplaint` restores somebody who complained as well. `note` goes into the history
 * @throws ConflictError when others keep saving the profile
 */
export async function restoreSubscriber(
  ports: {
    readonly subscribers: SubscriberRepository;
    readonly suppression: SuppressionList;
    readonly clock: Clock;
  },
  id: Subscriber['id'],
  { isDespiteComplaint, note }: { readonly isDespiteComplaint: boolean; readonly note?: string | undefined },
): Promise<Restored> {
  const consent = { at: ports.clock.now(), from: 'operator', text: RESTORED_TEXT };
  const change = (known: Subscriber) =>
    known.status === 'complained' && !isDespiteComplaint ? undefined : restore(known, consent, note);

  const subscriber = await changeSubscriber(ports.subscribers, id, change);
  if (!subscriber) return { kind: 'unknown' };
  if (subscriber.status === 'complained') return { kind: 'complained', subscriber };
  // Whoever the operator vouched for before is restored as well: a repeat finds them so.
  const isRestored = subscriber.status === 'confirmed' && subscriber.consent.from === 'operator';
  if (!isRestored) return { kind: 'not-ended', subscriber };
  try {
    return {
      kind: 'restored',
      subscriber,
      wasSuppressed: await ports.suppression.remove(subscriber.address),
    };
  } catch (cause) {
    return { kind: 'suppressed', subscriber, cause };
  }
}

/**
 * Queues a mail with the link to manage, whatever the mailbox got today. `unmailable` means that the status forbids a mail: the
 * address was never confirmed, bounced or complained.
 */
export async function sendManageLink(
  ports: { readonly subscribers: Pick<SubscriberRepository, 'load'>; readonly requests: Queue<WebRequest> },
  id: Subscriber['id'],
): Promise<
  { readonly kind: 'queued' | 'unmailable'; readonly subscriber: Subscriber } | { readonly kind: 'unknown' }
> {
  const subscriber = await ports.subscribers.load(id);
  if (!subscriber) return { kind: 'unknown' };
  const { address, status } = subscriber;
  if (status !== 'confirmed' && status !== 'paused' && status !== 'unsubscribed')
    return { kind: 'unmailable', subscriber };
  await enqueueAll(ports.requests, [{ kind: 'manage-link', id: randomUUID(), address, isByOperator: true }]);
  return { kind: 'queued', subscriber };
}

/**
 * Lifts what keeps mails from a mailbox that are asked for on the web: the pause after each, the lock after three that nobody
 * answered, and the daily limit of links to one's data. Returns what stood, if anything did.
 */
export async function liftLock(
  ports: {
    readonly allowances: Pick<MailAllowanceRepository, 'load' | 'erase'>;
    readonly budgets: Pick<BudgetRepository, 'forget'>;
    readonly keyring: Keyring;
    readonly clock: Clock;
  },
  { id, address }: Pick<Subscriber, 'id' | 'address'>,
): Promise<MailAllowance | undefined> {
  const { idKey } = await ports.keyring.load();
  const mailbox = toMailboxId(address, idKey);
  const stood = await ports.allowances.load(mailbox);
  // One that cannot be read locks the mailbox as well.
  await ports.allowances.erase(mailbox);
  await forgetDataLinks(ports, id);
  return stood;
}
