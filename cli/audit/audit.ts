import pMap from 'p-map';
import { type Day, daysFrom, type Instant } from '../../shared/domain/time.ts';
import { type Account, addUp } from './account.ts';
import { isDeliveredOn } from './edition-day.ts';
import type { AuditedLedger } from './ports.ts';

const EDITIONS_AT_ONCE = 4;

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
  const accounts = await pMap(
    editions,
    async (kept) => {
      const ids = kept.batches.flatMap(({ subscriberIds }) => subscriberIds);
      const deliveries = await ledger.loadDeliveries(kept.edition, ids);
      return addUp(kept, (id) => deliveries.get(id), now);
    },
    { concurrency: EDITIONS_AT_ONCE },
  );
  const nameOf = ({ edition }: Account) => `${edition.period} ${edition.cohort}`;
  return accounts.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
