import { addMs, type Instant, MS_PER_DAY } from '../../domain/time/time.ts';
import { instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import type { RequestTurns } from '../../ports/http.ts';
import { type Expression, putIf } from './conditional-write.ts';
import { getItem, type Table } from './table.ts';

const turnSchema = z.object({ freeAt: instantSchema, holder: z.optional(z.string()) });

/** No turn or pause is longer. An item with a later time is damaged and counts as free. */
const LONGEST_MS = MS_PER_DAY;

/**
 * Turns in the `Papers` table: `TURN#<system>` / `TURN`. `freeAt` of a turn under way is when it is over at the latest. A free turn
 * costs one write to take and one to end.
 */
export function createRequestTurns(table: Table): RequestTurns {
  return {
    async take(system, { holder, at, until }) {
      const item = { ...keyOf(system), holder, freeAt: until };
      if (await putIf(table, isFree(at), item)) return { kind: 'taken' };

      // It may be free or damaged by now. Then it is worth asking again.
      const turn = turnSchema.safeParse(await getItem(table, keyOf(system))).data ?? { freeAt: at };
      return { kind: turn.holder === undefined ? 'paused' : 'under-way', until: turn.freeAt };
    },

    async end(system, holder, nextAt) {
      const isHeld = { expression: 'holder = :holder', values: { ':holder': holder } };
      await putIf(table, isHeld, { ...keyOf(system), freeAt: nextAt });
    },
  };
}

function keyOf(system: string) {
  return { pk: `TURN#${system}`, sk: 'TURN' };
}

/** Holds for a turn that is over, missing or damaged. A comparison with a value of another type is false. */
function isFree(at: Instant): Expression {
  return {
    expression: 'attribute_not_exists(freeAt) OR NOT (freeAt > :at AND freeAt <= :latest)',
    values: { ':at': at, ':latest': addMs(at, LONGEST_MS) },
  };
}
