import type { Cohort, Edition } from '../../shared/domain/cohort.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { KeptBatch, KeptEdition } from './account.ts';

/** The ledger, as an audit reads it. */
export interface AuditedLedger {
  /** The editions that `isWanted`, in no certain order. */
  loadEditions(isWanted: (edition: Edition) => boolean): Promise<readonly KeptEdition[]>;
  /** The batches of an edition, page by page: an edition of ten million readers has 200,000. */
  loadBatches(edition: Edition): AsyncIterable<KeptBatch>;
  /** The records of these subscribers' digests of an edition; none for whom the ledger has none. Some may be unreadable. */
  loadDeliveries(
    edition: Edition,
    ids: readonly Subscriber['id'][],
  ): Promise<ReadonlyMap<Subscriber['id'], Delivery | 'unreadable'>>;
}

/** A cohort, and when somebody last joined it or changed their profile in it. */
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
