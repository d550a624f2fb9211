import type { MailAllowance, MailRequest } from '../domain/mail-allowance.ts';
import type { ChangeCause, Subscriber } from '../domain/subscriber.ts';
import type { Suppression } from '../domain/suppression.ts';
import type { Instant } from '../domain/time.ts';

export interface SubscriberRepository {
  /** @throws UnreadableError for a profile that does not fit its schema */
  load(id: Subscriber['id']): Promise<Subscriber | undefined>;
  /**
   * Saves a profile over the version it was loaded with and returns it with its next version. A confirmed subscriber
   * joins the cohorts of its preferences and leaves all others; any other status leaves them all.
   * @throws ConflictError when the stored version is another one
   */
  save(subscriber: Subscriber): Promise<Subscriber>;
}

/** For whoever may forget a profile as well. */
export interface ErasableSubscriberRepository extends SubscriberRepository {
  /** Forgets a profile; a repeat changes nothing. */
  erase(id: Subscriber['id']): Promise<void>;
  /**
   * Unsubscribes a profile that cannot be read: it gets the status and leaves its cohorts, so no digest goes out once it is
   * repaired. A bounce or a complaint that is stored stays. A profile that can be read, or is gone, stays as it is.
   */
  endUnreadable(id: Subscriber['id'], cause: ChangeCause): Promise<void>;
}

/** Who left, without an address. A suppression outlives its profile, so that nobody is mailed again by mistake. */
export interface SuppressionRepository {
  /** @throws UnreadableError for one that does not fit its schema */
  load(id: Subscriber['id']): Promise<Suppression | undefined>;
  /** Those of many ids. An id without one is left out. */
  loadMany(
    ids: readonly Subscriber['id'][],
  ): Promise<ReadonlyMap<Subscriber['id'], Suppression | 'unreadable'>>;
  /** Forgets it; a repeat changes nothing. */
  erase(id: Subscriber['id']): Promise<void>;
}

/** How often something may happen in a window of time. */
export interface Budget {
  /** What is counted, without an address: `sign-ups#client#x7…`. */
  readonly what: string;
  /** Which window: `2026-01-05T08`. */
  readonly window: string;
  readonly max: number;
  /** From when on the count may be forgotten. */
  readonly expiresAt: Instant;
}

/** Counters against flooding. */
export interface BudgetRepository {
  /**
   * Counts once more; false, and nothing is counted, if the budget is used up.
   * @param id what is counted: the same id counts once in a window, however often it comes. @default a new one
   */
  spend(budget: Budget, id?: string): Promise<boolean>;
  /** Forgets what was counted in one window; a repeat changes nothing. */
  forget(budget: Pick<Budget, 'what' | 'window'>): Promise<void>;
}

/** Keeps mails that anybody can ask for from flooding a mailbox, named by `toMailboxId`. */
export interface MailAllowanceRepository {
  /** Undefined for a mailbox that was never mailed, or whose allowance cannot be read. */
  load(mailbox: string): Promise<MailAllowance | undefined>;
  /** Takes the right to answer a request by mail, as `takeAllowance` has it. */
  take(mailbox: string, request: MailRequest, at: Instant): Promise<'taken' | 'refused' | 'in-flight'>;
  /** Gives it back where certainly no mail went out; one that is used, or held by another request, stays. */
  release(mailbox: string, requestId: string): Promise<void>;
  /** Marks that the mail of a request went out, or may have; one that is held by another request stays. */
  use(mailbox: string, requestId: string): Promise<void>;
  /** Somebody who reads the mailbox answered: nothing is unanswered any more. */
  answer(mailbox: string): Promise<void>;
  erase(mailbox: string): Promise<void>;
}

/** The links of one subscriber, each with a token of its own purpose. */
export interface SubscriberLinks {
  manage(subscriberId: Subscriber['id']): URL;
  unsubscribe(subscriberId: Subscriber['id']): URL;
  /**
   * Works for 48 hours.
   * @param signUpAt when the sign-up was made that the mail shows
   */
  confirm(subscriberId: Subscriber['id'], signUpAt: Instant): URL;
  /** Exports and erases, and works for 30 minutes. */
  data(subscriberId: Subscriber['id']): URL;
}
