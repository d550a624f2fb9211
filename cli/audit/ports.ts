import type { Edition } from '../../shared/domain/cohort.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import type { KeptEdition } from './account.ts';

/** The ledger, as an audit reads it. */
export interface AuditedLedger {
  /** The editions that `isWanted`, in no certain order. */
  loadEditions(isWanted: (edition: Edition) => boolean): Promise<readonly KeptEdition[]>;
  /** The outcomes of these subscribers' digests of an edition; none for whom the ledger has no record. */
  loadOutcomes(
    edition: Edition,
    ids: readonly Subscriber['id'][],
  ): Promise<ReadonlyMap<Subscriber['id'], Delivery['outcome']>>;
}
