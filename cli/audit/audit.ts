import pMap, { pMapIterable } from 'p-map';
import type { Cohort, Edition } from '../../shared/domain/cohort.ts';
import { addCounts, type Delivery } from '../../shared/domain/delivery.ts';
import { judgeEarlier } from '../../shared/domain/delivery-state.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import type { Day, Instant } from '../../shared/domain/time.ts';
import { ERASED_ID, OTHER_BATCH_ID, UNREADABLE_ID } from '../../shared/ports/planning.ts';

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

/**
 * How many digests of an edition ended in each way:
 *
 * - `sent`, `failed`, `uncertain`. A claim whose worker died is `uncertain` too
 * - `claimed`: a worker has it now
 * - `waiting`: its message is on the queue, or is a dead letter
 * - `skipped:<reason>`. `skipped:elsewhere` came with another edition of its period
 * - `unreadable`: its record cannot be read, or its id in the batch
 * - `unexplained`
 */
export type Counts = Readonly<Record<string, number>>;

/** An edition, added up. */
export interface Account {
  readonly edition: Edition;
  readonly planned: number;
  readonly counts: Counts;
  readonly isComplete: boolean;
  /** Whether the counts make up what was planned, with nothing unexplained. */
  readonly isExplained: boolean;
  /** Whether some of the digests have not come to an end yet. */
  readonly isOpen: boolean;
}

/** Nothing says what became of a digest, though its batch was worked off. */
const UNEXPLAINED = 'unexplained';

/** The record of a digest cannot be read, or its batch does not say whose digest it is. */
const UNREADABLE = 'unreadable';

/** What stands in a batch in place of a subscriber tells how it ended. */
const MARKS: Readonly<Record<string, string>> = {
  [ERASED_ID]: 'skipped:erased',
  [OTHER_BATCH_ID]: 'skipped:elsewhere',
  [UNREADABLE_ID]: UNREADABLE,
};

/** What is no end of a digest. */
const OPEN = ['claimed', 'waiting'] as const;

const EDITIONS_AT_ONCE = 6;

/** The records of two batches are one call to the table. */
const BATCHES_A_CALL = 2;
const CALLS_AT_ONCE = 8;

/**
 * The accounts of all editions that were delivered on these days, both included, in the order of period and cohort.
 *
 * @param now tells which claims a dead worker left
 * @param onPlanned is told how many digests there are to look at, before they are read
 */
export async function audit(
  ledger: AuditedLedger,
  first: Day,
  last: Day,
  now: Instant,
  onPlanned: (digests: number) => void = () => {},
): Promise<readonly Account[]> {
  const editions = await ledger.loadEditions(first, last);
  onPlanned(editions.reduce((sum, { planned }) => sum + planned, 0));
  const accounts = await pMap(editions, (kept) => addUp(ledger, kept, now), {
    concurrency: EDITIONS_AT_ONCE,
  });
  const nameOf = ({ edition }: Account) => `${edition.period} ${edition.cohort}`;
  return accounts.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Adds up an edition some batches at a time, so that memory does not grow with its cohort. */
async function addUp(ledger: AuditedLedger, kept: KeptEdition, now: Instant): Promise<Account> {
  const { edition } = kept;
  const counted = pMapIterable(
    inGroups(ledger.loadBatches(edition)),
    async (batches) => {
      const ids = batches.flatMap(({ subscriberIds }) => subscriberIds);
      const deliveries = await ledger.loadDeliveries(edition, ids);
      return countDigests(batches, (id) => deliveries.get(id), now);
    },
    { concurrency: CALLS_AT_ONCE },
  );
  let counts: Counts = {};
  for await (const some of counted) counts = addCounts([counts, some]);
  return toAccount(kept, counts);
}

async function* inGroups(batches: AsyncIterable<KeptBatch>): AsyncGenerator<readonly KeptBatch[]> {
  let group: KeptBatch[] = [];
  for await (const batch of batches) {
    group.push(batch);
    if (group.length < BATCHES_A_CALL) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/**
 * Counts how the digests of some batches ended by the records of the ledger, which know more than the counts of a batch: an
 * event may have settled a digest since.
 */
export function countDigests(
  batches: readonly KeptBatch[],
  deliveryOf: (id: Subscriber['id']) => Delivery | 'unreadable' | undefined,
  now: Instant,
): Counts {
  const counts: Record<string, number> = {};
  for (const { subscriberIds, isSettled } of batches) {
    for (const id of subscriberIds) {
      const name = MARKS[id] ?? nameOf(deliveryOf(id), isSettled, now);
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}

/** The account of an edition, from the counts of all its batches. */
export function toAccount({ edition, planned, isComplete }: KeptEdition, counts: Counts): Account {
  const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const isExplained = counted === planned && !counts[UNEXPLAINED] && !counts[UNREADABLE];
  return { edition, planned, counts, isComplete, isExplained, isOpen: countOpen({ counts }) > 0 };
}

/** How many digests have not come to an end yet. */
export function countOpen({ counts }: Pick<Account, 'counts'>): number {
  return OPEN.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
}

/** All accounts as one: `{ sent: 40, 'skipped:nothing-new': 2 }`. */
export function sumCounts(accounts: readonly Pick<Account, 'counts'>[]): Counts {
  return addCounts(accounts.map(({ counts }) => counts));
}

function nameOf(delivery: Delivery | 'unreadable' | undefined, isSettled: boolean, now: Instant): string {
  if (!delivery) return isSettled ? UNEXPLAINED : 'waiting';
  if (delivery === 'unreadable') return UNREADABLE;
  const { outcome } = delivery;
  if (outcome.state === 'skipped') return `skipped:${outcome.reason}`;
  // What becomes of the uncertain later changes nothing about a claim.
  const isAbandoned = judgeEarlier(delivery, 'at-most-once', now) === 'abandoned';
  return isAbandoned ? 'uncertain' : outcome.state;
}
