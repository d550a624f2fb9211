import { addMs, type Instant, MS_PER_DAY } from '../../domain/time/time.ts';
import { instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import type { Leases } from '../../ports/leases.ts';
import { type Expression, putIf } from './conditional-write.ts';
import { getItem, type Table } from './table.ts';

const leaseSchema = z.object({ freeAt: instantSchema, holder: z.optional(z.string()) });

/** No lease or pause is longer. An item with a later time is damaged and counts as free. */
const LONGEST_MS = MS_PER_DAY;

/**
 * Leases in the `Papers` table: `TURN#<system>` / `TURN`. `freeAt` of a held lease is when it expires. A free lease costs one write to
 * acquire and one to release.
 */
export function createLeases(table: Table): Leases {
  return {
    async acquire(system, { holder, at, until }) {
      const item = { ...keyOf(system), holder, freeAt: until };
      if (await putIf(table, isFree(at), item)) return { kind: 'acquired' };

      // It may be free or damaged by now. Then it is worth asking again.
      const lease = leaseSchema.safeParse(await getItem(table, keyOf(system))).data ?? { freeAt: at };
      return { kind: lease.holder === undefined ? 'paused' : 'held', until: lease.freeAt };
    },

    async release(system, holder, nextAt) {
      const isHeld = { expression: 'holder = :holder', values: { ':holder': holder } };
      await putIf(table, isHeld, { ...keyOf(system), freeAt: nextAt });
    },
  };
}

function keyOf(system: string) {
  return { pk: `TURN#${system}`, sk: 'TURN' };
}

/** True for a lease that has expired, is missing or damaged. A comparison with a value of another type is false. */
function isFree(at: Instant): Expression {
  return {
    expression: 'attribute_not_exists(freeAt) OR NOT (freeAt > :at AND freeAt <= :latest)',
    values: { ':at': at, ':latest': addMs(at, LONGEST_MS) },
  };
}
