import { addMs, type Clock, type Instant, MS_PER_HOUR } from '../../domain/time/time.ts';
import { instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import type { Waitlist } from '../../ports/mail.ts';
import { putIf } from './conditional-write.ts';
import { expiryOf } from './expiry.ts';
import { findItem } from './stored-item.ts';
import { getItem, type Table } from './table.ts';

const KEY = { pk: 'LINE', sk: 'HEAD' };

const headSchema = z.object({
  queuedAt: instantSchema,
  seenAt: instantSchema,
});

/**
 * The oldest batch that waits for the quota, in the `Deliveries` table: `LINE` / `HEAD`. The entry is never removed. After it
 * expires, the next batch that waits replaces it. The key has the name of an earlier version.
 */
export function createWaitlist(table: Table, clock: Clock): Waitlist {
  return {
    async loadOldest(seenSince) {
      const item = await getItem(table, KEY);
      const head = item && findItem(table, headSchema, item);
      return head && head.seenAt >= seenSince && head.seenAt <= endOf(seenSince) ? head.queuedAt : undefined;
    },

    async add(queuedAt, at, seenSince) {
      await putIf(
        table,
        {
          // Also replaces an entry with a value of another type, because a comparison with it does not hold.
          expression: 'NOT (queuedAt < :queuedAt AND seenAt BETWEEN :seenSince AND :end)',
          values: { ':queuedAt': queuedAt, ':seenSince': seenSince, ':end': endOf(seenSince) },
        },
        { ...KEY, queuedAt, seenAt: at, ...expiryOf(clock) },
      );
    },
  };
}

/** An entry with a later time is damaged, or its clock was wrong. Such an entry does not count, because it would hold up all batches. */
function endOf(seenSince: Instant): Instant {
  return addMs(seenSince, MS_PER_HOUR);
}
