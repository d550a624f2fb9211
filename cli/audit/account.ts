import type { Edition } from '../../shared/domain/cohort.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import { ERASED_ID } from '../../shared/ports.ts';

/** What is kept of one edition. */
export interface KeptEdition {
  readonly edition: Edition;
  /** How many were planned so far, and whether that is all of them. */
  readonly planned: number;
  readonly isComplete: boolean;
  readonly batches: readonly KeptBatch[];
}

export interface KeptBatch {
  readonly subscriberIds: readonly Subscriber['id'][];
  /** Whether it was worked off once. */
  readonly isSettled: boolean;
}

/**
 * How the digests of an edition ended: `sent`, `failed`, `uncertain`, `claimed` (in a worker's hands, or left by one that
 * died), `waiting` (on the queue), each skip by its reason (`skipped:nothing-new`), and `unexplained`.
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
}

/** Nothing says what became of a digest, though its batch was worked off. */
const UNEXPLAINED = 'unexplained';

/**
 * Adds up an edition by the records of the ledger, which know more than the counts of a batch: an event may have settled a
 * digest since. Whoever is named twice is counted twice, and so is found.
 */
export function addUp(
  { edition, planned, isComplete, batches }: KeptEdition,
  outcomeOf: (id: Subscriber['id']) => Delivery['outcome'] | undefined,
): Account {
  const counts: Record<string, number> = {};
  for (const { subscriberIds, isSettled } of batches) {
    for (const id of subscriberIds) {
      const name = nameOf(id, outcomeOf(id), isSettled);
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const isExplained = counted === planned && counts[UNEXPLAINED] === undefined;
  return { edition, planned, counts, isComplete, isExplained };
}

/** All accounts as one: `{ sent: 40, 'skipped:nothing-new': 2 }`. */
export function sumCounts(accounts: readonly Pick<Account, 'counts'>[]): Counts {
  const sums: Record<string, number> = {};
  for (const [name, count] of accounts.flatMap(({ counts }) => Object.entries(counts)))
    sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

function nameOf(id: string, outcome: Delivery['outcome'] | undefined, isSettled: boolean): string {
  if (id === ERASED_ID) return 'skipped:erased';
  if (!outcome) return isSettled ? UNEXPLAINED : 'waiting';
  return outcome.state === 'skipped' ? `skipped:${outcome.reason}` : outcome.state;
}
