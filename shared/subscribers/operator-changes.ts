import { randomUUID } from 'node:crypto';
import { ConflictError } from '../domain/errors.ts';
import type { MailAllowance } from '../domain/subscribers/mail-allowance.ts';
import { firstLinksSince, mayGetLink, restore } from '../domain/subscribers/sign-up.ts';
import { type Subscriber, withStatus } from '../domain/subscribers/subscriber.ts';
import type { SubscriptionFields } from '../domain/subscribers/subscription.ts';
import type { Suppression } from '../domain/subscribers/suppression.ts';
import type { Clock } from '../domain/time/time.ts';
import { enqueueAll } from '../pipeline/enqueue-all.ts';
import type { Queue, QueuedWebRequest } from '../ports/queues.ts';
import type {
  BudgetRepository,
  MailAllowanceRepository,
  SubscriberRepository,
  SuppressionRepository,
} from '../ports/subscribers.ts';
import { changeSubscriber, profileAfter } from './change-subscriber.ts';
import type { Keyring } from './keys.ts';
import { createNewSubscriber } from './new-subscriber.ts';
import { forgetDailyCounts } from './personal-data.ts';
import { toMailboxId, toSubscriberId } from './subscriber-id.ts';

export interface AddPorts {
  readonly subscribers: SubscriberRepository;
  /** Records of subscribers who left and whose profile is erased. */
  readonly suppressions: Pick<SuppressionRepository, 'load'>;
  readonly clock: Clock;
  /** Turns the address into an id. */
  readonly idKey: string;
}

/** A reader whom the operator adds, with a subscription. */
export interface AddedReader extends Pick<Subscriber, 'address' | 'timeZone' | 'hour'> {
  readonly subscription: SubscriptionFields;
}

export interface AddOptions {
  /** Returns the profile without saving it. */
  readonly isDryRun: boolean;
  /** Also adds a reader who left and whose profile is erased. */
  readonly isDespiteLeaving: boolean;
}

export type Added =
  | { readonly kind: 'added'; readonly subscriber: Subscriber }
  /** A subscriber with the address exists and is not `unconfirmed`. Nothing was changed, so nobody who left is mailed again. */
  | { readonly kind: 'known'; readonly subscriber: Subscriber }
  /** They left, and their profile is erased. Nothing was changed. */
  | { readonly kind: 'suppressed'; readonly suppression: Suppression };

const CONSENT = 'The operator vouches that the reader asked for it; no mail asked them to confirm.';

/**
 * Adds a confirmed subscriber. It also confirms an address that signed up on the web and never confirmed, with the choices given
 * here. Its owner may not have got the mail.
 *
 * @throws ConflictError when another writer saves the profile at the same time and leaves it unconfirmed
 */
export async function addSubscriber(
  { subscribers, suppressions, clock, idKey }: AddPorts,
  { subscription, ...reader }: AddedReader,
  { isDryRun, isDespiteLeaving }: AddOptions,
): Promise<Added> {
  const id = toSubscriberId(reader.address, idKey);
  const known = await subscribers.load(id);
  if (known && known.status !== 'unconfirmed') return { kind: 'known', subscriber: known };
  // A reader who left and was erased may have signed up again without confirming.
  const suppression = await suppressions.load(id);
  if (suppression && !isDespiteLeaving) return { kind: 'suppressed', suppression };

  const at = clock.now();
  const cause = { at, by: 'operator' } as const;
  const consent = { at, from: 'operator', text: CONSENT };
  const created = createNewSubscriber(
    { ...reader, status: 'confirmed', subscriptions: [subscription], consent, cause },
    idKey,
  );
  const subscriber = {
    ...created,
    linksSince: known?.linksSince ?? firstLinksSince({ at }),
    statusChanges: known ? withStatus(known, 'confirmed', cause).statusChanges : created.statusChanges,
    version: known?.version ?? 0,
  };
  if (isDryRun) return { kind: 'added', subscriber };
  try {
    return { kind: 'added', subscriber: await subscribers.save(subscriber) };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const stored = await subscribers.load(id);
    if (!stored || stored.status === 'unconfirmed') throw error;
    return { kind: 'known', subscriber: stored };
  }
}

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
  /** No subscriber has the id. */
  | { readonly kind: 'unknown' };

const RESTORED_TEXT =
  'The operator vouches that the reader asked for digests again; no mail asked them to confirm.';

/**
 * Restarts the digests of a subscriber who unsubscribed, bounced or complained. The stored consent says that the operator vouches for it.
 * SES sends nothing to a suppressed address. So the address is removed from that list after the profile is saved.
 *
 * @param options `isDespiteComplaint` also restores a subscriber who complained. `note` goes into the history.
 * @throws ConflictError if other writers keep saving the profile
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
  const outcome = await changeSubscriber(ports.subscribers, id, (known) =>
    known.status === 'complained' && !isDespiteComplaint ? 'complained' : restore(known, consent, note),
  );
  const subscriber = profileAfter(outcome);
  if (!subscriber) return { kind: 'unknown' };
  if (outcome.kind === 'refused') return { kind: outcome.reason, subscriber };
  // A repeat finds a subscriber for whom the operator has vouched before, and removes the address again.
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
 * Queues a mail with the manage link, even if the mailbox got a mail today. `unmailable` means that the status forbids a mail: the
 * address was never confirmed, bounced or complained.
 */
export async function sendManageLink(
  ports: {
    readonly subscribers: Pick<SubscriberRepository, 'load'>;
    readonly requests: Queue<QueuedWebRequest>;
  },
  id: Subscriber['id'],
): Promise<
  { readonly kind: 'queued' | 'unmailable'; readonly subscriber: Subscriber } | { readonly kind: 'unknown' }
> {
  const subscriber = await ports.subscribers.load(id);
  if (!subscriber) return { kind: 'unknown' };
  if (!mayGetLink(subscriber)) return { kind: 'unmailable', subscriber };
  const { address } = subscriber;
  await enqueueAll(ports.requests, [{ kind: 'manage-link', id: randomUUID(), address, isByOperator: true }]);
  return { kind: 'queued', subscriber };
}

/**
 * Lifts every limit on the mails that a mailbox requests on the web: the pause after each mail, and the lock after three unanswered ones.
 * Also lifts the daily limits of data links and of mails about a move.
 *
 * @returns the record of the earlier mails. Undefined if there is none, or if it cannot be read
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
  const stored = await ports.allowances.load(mailbox);
  // An allowance that cannot be read locks the mailbox as well.
  await ports.allowances.erase(mailbox);
  await forgetDailyCounts(ports, id);
  return stored;
}
