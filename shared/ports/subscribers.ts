import type { DeliveryKey } from '../domain/digests/delivery.ts';
import type { MailAllowance, MailRequest } from '../domain/subscribers/mail-allowance.ts';
import type { ChangeCause, Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Suppression } from '../domain/subscribers/suppression.ts';
import type { Instant } from '../domain/time/time.ts';

export interface SubscriberRepository {
  /** @throws UnreadableError for a profile that does not fit its schema */
  load(id: Subscriber['id']): Promise<Subscriber | undefined>;
  /**
   * Saves a profile over the version it was loaded with and returns it with its next version. A confirmed subscriber
   * joins the cohorts of its preferences and leaves all others. With any other status it leaves all cohorts.
   * @throws ConflictError if the stored version is another one
   */
  save(subscriber: Subscriber): Promise<Subscriber>;
}

/** Reads profiles. */
export interface SubscriberReader extends Pick<SubscriberRepository, 'load'> {
  /**
   * Loads the profiles of many ids. Leaves out ids without one. It costs half as much as `load`, but writes of the last second may be
   * missing.
   */
  loadMany(
    ids: readonly Subscriber['id'][],
  ): Promise<ReadonlyMap<Subscriber['id'], Subscriber | 'unreadable'>>;
}

/** Also erases profiles. */
export interface ErasableSubscriberRepository extends SubscriberRepository {
  /** Erases a profile. A repeat changes nothing. */
  erase(id: Subscriber['id']): Promise<void>;
  /**
   * Unsubscribes a profile that cannot be read. It leaves its cohorts, so no digest goes out after it is repaired. A stored bounce or
   * complaint stays. Does nothing if the profile can be read or does not exist.
   */
  endUnreadable(id: Subscriber['id'], cause: ChangeCause): Promise<void>;
}

/** Subscribers who left, without an address. A suppression outlives its profile, so that no import mails them by mistake. */
export interface SuppressionRepository {
  /** @throws UnreadableError for one that does not fit its schema */
  load(id: Subscriber['id']): Promise<Suppression | undefined>;
  /** Loads the suppressions of many ids. Leaves out ids without one. */
  loadMany(
    ids: readonly Subscriber['id'][],
  ): Promise<ReadonlyMap<Subscriber['id'], Suppression | 'unreadable'>>;
  /** Erases a suppression. A repeat changes nothing. */
  erase(id: Subscriber['id']): Promise<void>;
}

/** A limit on how often something may happen in a window of time. */
export interface Budget {
  /** What is counted, without an address: `sign-ups#client#x7…`. */
  readonly what: string;
  /** Which window: `2026-01-05T08`. */
  readonly window: string;
  readonly max: number;
  /** When the count expires. */
  readonly expiresAt: Instant;
}

/** Counters against flooding. */
export interface BudgetRepository {
  /**
   * Counts one use and returns true. Returns false, and counts nothing, if the budget is used up.
   * @param id the same id counts once in a window, however often it comes. @default a new id
   */
  spend(budget: Budget, id?: string): Promise<boolean>;
  /** Erases the count of one window. A repeat changes nothing. */
  forget(budget: Pick<Budget, 'what' | 'window'>): Promise<void>;
}

/** Limits the mails to one mailbox that anyone can request. `toMailboxId` names the mailbox. */
export interface MailAllowanceRepository {
  /** Undefined if the mailbox was never mailed, or its allowance cannot be read. */
  load(mailbox: string): Promise<MailAllowance | undefined>;
  /** Takes the right to answer a request by mail. `takeAllowance` decides. */
  take(mailbox: string, request: MailRequest, at: Instant): Promise<'taken' | 'refused' | 'in-flight'>;
  /** Gives the right back after no mail went out. Does nothing if it is used, or another request holds it. */
  release(mailbox: string, requestId: string): Promise<void>;
  /** Records that the mail of a request went out or may have. Does nothing if another request holds the right. */
  use(mailbox: string, requestId: string): Promise<void>;
  /** Records that the owner of the mailbox answered. Sets the unanswered requests to 0. */
  answer(mailbox: string): Promise<void>;
  erase(mailbox: string): Promise<void>;
}

/** The links of one subscriber, each with a token of its own purpose. */
export interface SubscriberLinks {
  manage(subscriberId: Subscriber['id']): string;
  unsubscribe(subscriberId: Subscriber['id']): string;
  /**
   * Works for 48 hours.
   * @param signUpAt when the subscriber made the sign-up that the mail confirms
   */
  confirm(subscriberId: Subscriber['id'], signUpAt: Instant): string;
  /** Exports and erases, and works for 30 minutes. */
  data(subscriberId: Subscriber['id']): string;
  /** Mutes papers of one digest, and their authors. It can do nothing else. */
  mute(subscriberId: Subscriber['id'], digest: Pick<DeliveryKey, 'cadence' | 'period'>): string;
}
