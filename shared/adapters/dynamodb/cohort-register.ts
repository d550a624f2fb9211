import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CohortKey } from '../../domain/cohort.ts';
import { addMs, type Clock, type Instant, MS_PER_HOUR, MS_PER_MINUTE } from '../../domain/time.ts';
import { toCohortItemKey } from './cohort-repository.ts';
import type { Table } from './table.ts';

/**
 * A cohort that was written less than this time ago needs no write when somebody joins it. The planner removes an empty cohort a
 * day after its last write, so eleven hours are left for the profile to be saved and to appear in the index.
 */
const FRESH_MS = 12 * MS_PER_HOUR;

/** A process asks the table no more often than this, so it notices soon if somebody deleted a cohort by hand. */
const REMEMBERED_MS = 5 * MS_PER_MINUTE;

/** Twice as many as an import meets at most. */
const MAX_REMEMBERED = 20_000;

/**
 * Returns a function that makes sure that a cohort exists, `COHORTS` / `<cohort>`, and goes on existing for eleven hours.
 *
 * All cohorts share one partition, and a large import joins one cohort. So the function writes a cohort once in half a day, and
 * a process reads it once in five minutes, however many profiles are saved. The read may be stale: a cohort was only removed if
 * its last write was a day ago, and then it is written again.
 */
export function createCohortRegister(table: Table, clock: Clock): (cohort: CohortKey) => Promise<void> {
  const knownUntil = new Map<CohortKey, Instant>();
  const inFlight = new Map<CohortKey, Promise<void>>();

  const loadLastJoinedAt = async (cohort: CohortKey): Promise<unknown> => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: toCohortItemKey(cohort) }),
    );
    return Item?.lastJoinedAt;
  };

  const register = async (cohort: CohortKey): Promise<void> => {
    const now = clock.now();
    const lastJoinedAt = await loadLastJoinedAt(cohort);
    if (typeof lastJoinedAt !== 'string' || lastJoinedAt <= addMs(now, -FRESH_MS)) {
      const Item = { ...toCohortItemKey(cohort), lastJoinedAt: now };
      await table.documents.send(new PutCommand({ TableName: table.name, Item }));
    }
    if (knownUntil.size >= MAX_REMEMBERED) knownUntil.clear();
    knownUntil.set(cohort, addMs(now, REMEMBERED_MS));
  };

  return async (cohort) => {
    if ((knownUntil.get(cohort) ?? '') > clock.now()) return;
    const registering = inFlight.get(cohort) ?? register(cohort).finally(() => inFlight.delete(cohort));
    inFlight.set(cohort, registering);
    await registering;
  };
}
