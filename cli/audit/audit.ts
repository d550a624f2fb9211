import pMap, { pMapIterable } from 'p-map';
import type { Cohort, Edition } from '../../shared/domain/digests/cohort.ts';
import { addCounts, type Delivery } from '../../shared/domain/digests/delivery.ts';
import { judgeDelivery } from '../../shared/domain/digests/delivery-state.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import type { Day, Instant } from '../../shared/domain/time/time.ts';
import { addUsage, type Usage } from '../../shared/domain/usage.ts';
import { ERASED_ID, OTHER_BATCH_ID, UNREADABLE_ID } from '../../shared/ports/planning.ts';

/** An edition in the ledger. */
export interface KeptEdition {
  readonly edition: Edition;
  /** The number of digests planned so far. It is final if the edition is complete. */
  readonly planned: number;
  /** The number of batches recorded so far. */
  readonly batchCount: number;
  readonly isComplete: boolean;
}

export interface KeptBatch {
  readonly subscriberIds: readonly Subscriber['id'][];
  /** Whether a worker has processed it. */
  readonly isSettled: boolean;
  /** What the worker used. Undefined before, and in what earlier releases wrote. */
  readonly used?: Usage | undefined;
}

/** The ledger, as an audit reads it. */
export interface AuditedLedger {
  /** Loads the editions of these days, both included, in any order. */
  loadEditions(first: Day, last: Day): Promise<readonly KeptEdition[]>;
  /** Loads whether the cohort of each of these editions had members. An edition that is not in the ledger is left out. */
  loadMemberships(editions: readonly Edition[]): Promise<ReadonlyMap<Edition, boolean>>;
  /**
   * Loads the batches of an edition page by page. An edition of ten million readers has 100,000. Reports recorded batches that are
   * missing as unreadable.
   */
  loadBatches(kept: Pick<KeptEdition, 'edition' | 'batchCount'>): AsyncIterable<KeptBatch>;
  /** Loads the records of these subscribers' digests of an edition. A subscriber without a record is left out. */
  loadDeliveries(
    edition: Edition,
    ids: readonly Subscriber['id'][],
  ): Promise<ReadonlyMap<Subscriber['id'], Delivery | 'unreadable'>>;
}

/**
 * A cohort, and the time since when it certainly exists. A saved profile writes its cohort again after half a day, or after
 * the cohort was removed.
 */
export interface KeptCohort {
  readonly cohort: Cohort;
  readonly lastJoinedAt: Instant;
}

/** The cohorts, as an audit reads them. */
export interface AuditedCohorts {
  /** Loads all cohorts that were joined and not removed since, in any order. */
  loadAll(): Promise<readonly KeptCohort[]>;
  /** Whether the cohort has members now. */
  hasMembers(cohort: Cohort): Promise<boolean>;
}

/**
 * How many digests of an edition ended in each way:
 *
 * - `sent`, `failed`, `uncertain`. A claim left by a worker that died is `uncertain` too
 * - `claimed`: a worker has it now
 * - `waiting`: its message is on the queue or is a dead letter
 * - `skipped:<reason>`. `skipped:other-batch` was sent with another edition of its period
 * - `unreadable`: its record cannot be read, or its id in the batch
 * - `unexplained`
 */
export type Counts = Readonly<Record<string, number>>;

/** What became of the digests of one edition. */
export interface EditionAudit {
  readonly edition: Edition;
  readonly planned: number;
  readonly counts: Counts;
  readonly isComplete: boolean;
  /** Whether the counts make up what was planned, with nothing unexplained. */
  readonly isExplained: boolean;
  /** Whether some of the digests have not ended yet. */
  readonly isOpen: boolean;
  /** What sending it used, by the last run of each batch. Undefined if no batch says it. */
  readonly used?: Usage | undefined;
}

/** The ledger has no record of a digest, although its batch was processed. */
const UNEXPLAINED = 'unexplained';

/** The record of a digest cannot be read, or its batch does not name the subscriber. */
const UNREADABLE = 'unreadable';

/** Marks in a batch that replace a subscriber and say how the digest ended. */
const MARKS: Readonly<Record<string, string>> = {
  [ERASED_ID]: 'skipped:erased',
  [OTHER_BATCH_ID]: 'skipped:other-batch',
  [UNREADABLE_ID]: UNREADABLE,
};

/** The counts of digests that have not ended. */
const OPEN = ['claimed', 'waiting'] as const;

const EDITIONS_AT_ONCE = 6;

/** The records of two batches are one call to the table. */
const BATCHES_A_CALL = 2;
const CALLS_AT_ONCE = 8;

/**
 * Returns the accounts of all editions of these days, both included, ordered by period and cohort.
 *
 * @param now decides which claims were left by a worker that died
 * @param onPlanned is called with the number of digests before they are read
 */
export async function audit(
  ledger: AuditedLedger,
  first: Day,
  last: Day,
  now: Instant,
  onPlanned: (digests: number) => void = () => {},
): Promise<readonly EditionAudit[]> {
  const editions = await ledger.loadEditions(first, last);
  onPlanned(editions.reduce((sum, { planned }) => sum + planned, 0));
  const audits = await pMap(editions, (kept) => addUp(ledger, kept, now), {
    concurrency: EDITIONS_AT_ONCE,
  });
  const nameOf = ({ edition }: EditionAudit) => `${edition.period} ${edition.cohort}`;
  return audits.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Adds up an edition a few batches at a time, so that memory does not grow with its cohort. */
async function addUp(ledger: AuditedLedger, kept: KeptEdition, now: Instant): Promise<EditionAudit> {
  const { edition } = kept;
  const counted = pMapIterable(
    inGroups(ledger.loadBatches(kept)),
    async (batches) => {
      const ids = batches.flatMap(({ subscriberIds }) => subscriberIds);
      const deliveries = await ledger.loadDeliveries(edition, ids);
      const counts = countDigests(batches, (id) => deliveries.get(id), now);
      return { counts, used: sumUsage(batches) };
    },
    { concurrency: CALLS_AT_ONCE },
  );
  let counts: Counts = {};
  let used: Usage | undefined;
  for await (const some of counted) {
    counts = addCounts([counts, some.counts]);
    used = sumUsage([{ used }, some]);
  }
  return { ...toEditionAudit(kept, counts), ...(used && { used }) };
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
 * Counts how the digests of the batches ended. It uses the records in the ledger, not the counts of a batch, because an
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

/** Returns the audit of an edition from the counts of all its batches. */
export function toEditionAudit({ edition, planned, isComplete }: KeptEdition, counts: Counts): EditionAudit {
  const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const isExplained = counted === planned && !counts[UNEXPLAINED] && !counts[UNREADABLE];
  return { edition, planned, counts, isComplete, isExplained, isOpen: countOpen({ counts }) > 0 };
}

/** Returns how many digests have not ended yet. */
export function countOpen({ counts }: Pick<EditionAudit, 'counts'>): number {
  return OPEN.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
}

/** Returns the sum of the counts of all audits: `{ sent: 40, 'skipped:nothing-new': 2 }`. */
export function sumCounts(audits: readonly Pick<EditionAudit, 'counts'>[]): Counts {
  return addCounts(audits.map(({ counts }) => counts));
}

/** Returns what all of it used. Undefined if none says it. */
export function sumUsage(parts: readonly Pick<EditionAudit, 'used'>[]): Usage | undefined {
  const known = parts.flatMap(({ used }) => used ?? []);
  return known.length > 0 ? addUsage(known) : undefined;
}

function nameOf(delivery: Delivery | 'unreadable' | undefined, isSettled: boolean, now: Instant): string {
  if (!delivery) return isSettled ? UNEXPLAINED : 'waiting';
  if (delivery === 'unreadable') return UNREADABLE;
  const { outcome } = delivery;
  if (outcome.state === 'skipped') return `skipped:${outcome.reason}`;
  // The setting for uncertain digests does not change which claims were abandoned.
  const isAbandoned = judgeDelivery(delivery, 'at-most-once', now) === 'abandoned';
  return isAbandoned ? 'uncertain' : outcome.state;
}
