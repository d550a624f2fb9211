import pMap, { pMapIterable } from 'p-map';
import { type Day, daysFrom, type Instant } from '../../shared/domain/time.ts';
import { addCounts } from '../../shared/pipeline/outcome-counts.ts';
import {
  type Account,
  type Counts,
  countDigests,
  type KeptBatch,
  type KeptEdition,
  toAccount,
} from './account.ts';
import { isDeliveredOn } from './edition-day.ts';
import type { AuditedLedger } from './ports.ts';

const EDITIONS_AT_ONCE = 4;

/** The records of two batches are one call to the table. */
const BATCHES_A_CALL = 2;
const CALLS_AT_ONCE = 8;

/**
 * The accounts of all editions that were delivered on these days, both included, in the order of period and cohort.
 *
 * @param now tells which claims a dead worker left
 */
export async function audit(
  ledger: AuditedLedger,
  first: Day,
  last: Day,
  now: Instant,
): Promise<readonly Account[]> {
  const days = daysFrom(first, last);
  const editions = await ledger.loadEditions((edition) => days.some((day) => isDeliveredOn(edition, day)));
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
