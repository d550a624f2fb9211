import type { Cohort, Edition } from '../../shared/domain/cohort.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import type { Day, Instant } from '../../shared/domain/time.ts';

/** What is kept of one edition. */
export interface KeptEdition {
  readonly edition: Edition;
  /** How many were planned so far, and whether that is all of them. */
  readonly planned: number;
  readonly isComplete: boolean;
}

export interface KeptBatch {
  readonly subscriberIds: readonly Subscriber['id'][];
  /** Whether it was worked off once. */
  readonly isSettled: boolean;
}

/** The ledger, as an audit reads it. */
export interface AuditedLedger {
  /** The editions that were delivered on these days, both included, in no certain order. */
  loadEditions(first: Day, last: Day): Promise<readonly KeptEdition[]>;
  /** Whether anybody was in the cohort of each of these editions. An edition that the ledger does not have is left out. */
  loadMemberships(editions: readonly Edition[]): Promise<ReadonlyMap<Edition, boolean>>;
  /** The batches of an edition, page by page: an edition of ten million readers has 200,000. */
  loadBatches(edition: Edition): AsyncIterable<KeptBatch>;
  /** The records of these subscribers' digests of an edition; none for whom the ledger has none. Some may be unreadable. */
  loadDeliveries(
    edition: Edition,
    ids: readonly Subscriber['id'][],
  ): Promise<ReadonlyMap<Subscriber['id'], Delivery | 'unreadable'>>;
}

/**
 * A cohort, and since when it is there for certain: a cohort is written again at the first save of a profile in it after half a
 * day, or after it was removed.
 */
export interface KeptCohort {
  readonly cohort: Cohort;
  readonly lastJoinedAt: Instant;
}

/** The cohorts, as an audit reads them. */
export interface AuditedCohorts {
  /** All that somebody joined and that were not removed since, in no certain order. */
  loadAll(): Promise<readonly KeptCohort[]>;
  /** Whether anybody is in it now. */
  hasMembers(cohort: Cohort): Promise<boolean>;
}
