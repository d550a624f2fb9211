import type { Cohort, DigestOrigin, Edition } from './domain/cohort.ts';
import type { ListId } from './domain/list.ts';
import type { ListHistory } from './domain/list-state.ts';
import type { Listing } from './domain/listing.ts';
import type { MailAllowance, MailRequest } from './domain/mail-allowance.ts';
import type { OutcomeCounts } from './domain/outcome-counts.ts';
import type { Paper, PaperFacts, PaperId } from './domain/paper.ts';
import type { ChangeCause, Subscriber } from './domain/subscriber.ts';
import type { Suppression } from './domain/suppression.ts';
import type { Day, Instant } from './domain/time.ts';
import type { MetricName } from './observability.ts';

/** Papers, one item each. */
export interface PaperRepository {
  /**
   * Brings the stored paper up to date with what a source says. A paper that did not change is not written, and neither is
   * one that cannot be read.
   * @throws ConflictError when others keep changing it at the same time
   */
  save(facts: PaperFacts, seenAt: Instant): Promise<'created' | 'updated' | 'unchanged' | 'unreadable'>;
  /** The papers of these ids, in no certain order. An id that is unknown or cannot be read is left out. */
  loadMany(ids: readonly PaperId[]): Promise<readonly Paper[]>;
}

/** Which papers stood on which list on which day. */
export interface ListingRepository {
  /** Keeps a listing; one that is there already stays as it is. */
  save(listing: Listing): Promise<void>;
  /** The listings of a day that can be read, in no certain order. */
  load(list: ListId, day: Day): Promise<readonly Listing[]>;
}

/** What is remembered of a list between two reads. */
export interface SourceState extends ListHistory {
  /** Where the source goes on; its own words. */
  readonly cursor?: string | undefined;
  readonly lastSuccessAt?: Instant | undefined;
}

export interface SourceStateRepository {
  /** Undefined for a list that was never read, or whose state cannot be read. */
  load(list: ListId): Promise<SourceState | undefined>;
  save(list: ListId, state: SourceState): Promise<void>;
}

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
  /** Replaces an earlier one. Saving the profile of somebody who left does it as well. */
  save(id: Subscriber['id'], suppression: Suppression): Promise<void>;
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
  take(mailbox: string, request: MailRequest, at: Instant): Promise<'taken' | 'refused' | 'in-hand'>;
  /** Gives it back where certainly no mail went out; one that is used, or held by another request, stays. */
  release(mailbox: string, requestId: string): Promise<void>;
  /** Marks that the mail of a request went out, or may have; one that is held by another request stays. */
  use(mailbox: string, requestId: string): Promise<void>;
  /** Somebody who reads the mailbox answered: nothing is unanswered any more. */
  answer(mailbox: string): Promise<void>;
  erase(mailbox: string): Promise<void>;
}

export interface CohortRepository {
  /** Every cohort that somebody joined and that was not removed since. One that cannot be read is left out. */
  loadAll(): Promise<readonly Cohort[]>;
  /** The next ids of confirmed subscribers in the cohort, in the order of ids, behind `after`; fewer than `limit` only at the end. */
  loadMembers(
    cohort: Cohort,
    after: Subscriber['id'] | undefined,
    limit: number,
  ): Promise<readonly Subscriber['id'][]>;
  /** Forgets a cohort that nobody joined since `joinedBefore`. */
  removeIfIdle(cohort: Cohort, joinedBefore: Instant): Promise<void>;
}

/** The next page of an edition: the ids of each batch, not yet recorded or queued for certain. */
export interface EditionPage {
  readonly batches: readonly (readonly Subscriber['id'][])[];
  /** The last id of the page. The cohort goes on after it. */
  readonly after?: Subscriber['id'] | undefined;
}

/** How far the enumeration of an edition has come. */
export interface EditionProgress {
  /** Batches recorded and queued so far, how many subscribers they name, and the last of these. */
  readonly batches: number;
  readonly planned: number;
  readonly after?: Subscriber['id'] | undefined;
  /** Written down before the batches are recorded, so that a crash repeats exactly these. */
  readonly pending?: EditionPage | undefined;
  /** Set once the whole cohort has been enumerated: only then is `planned` the true number. */
  readonly isComplete: boolean;
}

/** One batch of an edition: whom it names, and once it was worked off, how many digests ended how. */
export interface EditionBatch {
  readonly subscriberIds: readonly Subscriber['id'][];
  readonly counts?: OutcomeCounts | undefined;
}

/** What stands in a batch in place of a subscriber who was erased. */
export const ERASED_ID = 'erased';

/** What stands in a batch in place of a subscriber whose digest of the same period came with another batch. */
export const ELSEWHERE_ID = 'elsewhere';

/** What stands in a batch in place of an id that cannot be read. */
export const UNREADABLE_ID = 'unreadable';

/** A stored state that does not fit its schema. It can be replaced as long as nobody has written it since. */
export interface UnreadableState {
  readonly kind: 'unreadable';
  /** The raw id of its last write. Undefined where it has none. */
  readonly writeId?: unknown;
}

/** Whether a loaded state could not be read. */
export function isUnreadable(state: object | undefined): state is UnreadableState {
  return state !== undefined && 'kind' in state && state.kind === 'unreadable';
}

export interface EditionRepository {
  loadProgress(edition: Edition): Promise<EditionProgress | UnreadableState | undefined>;
  /**
   * Moves the progress on from what it was when it was loaded.
   * @throws ConflictError when another worker wrote it first
   */
  saveProgress(
    edition: Edition,
    progress: EditionProgress,
    previous: EditionProgress | UnreadableState | undefined,
  ): Promise<void>;
  /** Records whom a batch names and returns them. A batch recorded earlier stays, and those it names are returned. */
  saveBatch(
    edition: Edition,
    batch: number,
    subscriberIds: readonly Subscriber['id'][],
  ): Promise<readonly Subscriber['id'][]>;
  /** Whom a recorded batch names; undefined where it is not recorded. */
  loadBatch(edition: Edition, batch: number): Promise<readonly Subscriber['id'][] | undefined>;
  /** Writes how the digests of a batch ended; a repeat replaces the counts. */
  settleBatch(edition: Edition, batch: number, counts: OutcomeCounts): Promise<void>;
  /** Puts {@link ERASED_ID} in place of a subscriber who was erased. A repeat changes nothing. */
  eraseFromBatch(origin: DigestOrigin, subscriberId: Subscriber['id']): Promise<void>;
  /** Puts {@link ELSEWHERE_ID} in place of a subscriber; a repeat changes nothing. */
  removeFromBatch(origin: DigestOrigin, subscriberId: Subscriber['id']): Promise<void>;
  /** All batches recorded so far, in order, read page by page as they are asked for. */
  loadBatches(edition: Edition): AsyncIterable<EditionBatch>;
}

/** A queue's sending end. */
export interface Queue<Message> {
  /**
   * Sends messages and returns those that were not accepted, which the caller has to send again.
   * @param delaySec how long nobody is handed them, 0 to 900. @default 0
   */
  enqueue(messages: readonly Message[], delaySec?: number): Promise<readonly Message[]>;
}

/** An answer that arrived whole, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface HttpClient {
  /**
   * Reads a text. Answers with 429 or 5xx and broken connections are tried again first.
   * @throws HttpError when no answer arrived whole
   */
  fetchText(url: URL, signal?: AbortSignal): Promise<HttpAnswer>;
}

/** Where handlers tell what they did. Sentences are constant; fields hold no address, token or body. */
export interface Telemetry {
  info(sentence: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(sentence: string, fields?: Readonly<Record<string, unknown>>): void;
  error(sentence: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Adds to a metric; where it is of one list, full monitoring tells the lists apart. */
  count(metric: MetricName, value: number, list?: ListId): void;
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
