import { InvalidInputError } from '../../shared/domain/errors.ts';
import { DELIVERY_RETENTION_DAYS } from '../../shared/domain/retention.ts';
import { addDays, addMs, type Day, type Instant, MS_PER_HOUR, utcDayOf } from '../../shared/domain/time.ts';

/** The zone that is first to begin a day is 14 hours ahead of UTC. */
const FIRST_ZONE_MS = 14 * MS_PER_HOUR;

/**
 * Holds the first day that somebody asks the ledger for against the time: the ledger has nothing of a day that is still to come, and no longer
 * all of one that is too long ago.
 *
 * @throws InvalidInputError that says which of the two it is
 */
export function checkDays(first: Day, now: Instant): void {
  const today = utcDayOf(addMs(now, FIRST_ZONE_MS));
  if (first > today)
    throw new InvalidInputError(
      `${first} has not come yet: expected a day until ${today}, which is today where it begins first`,
    );
  const oldest = addDays(today, 1 - DELIVERY_RETENTION_DAYS);
  if (first < oldest)
    throw new InvalidInputError(
      `${first} is longer ago than the ledger keeps, ${DELIVERY_RETENTION_DAYS} days: expected ${oldest} or a later day`,
    );
}
