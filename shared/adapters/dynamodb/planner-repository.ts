import { ConflictError } from '../../domain/errors.ts';
import { instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import type { PlannerRepository, PlannerState } from '../../ports/planning.ts';
import { isUnreadable, type UnreadableState } from '../../ports/planning.ts';
import { both, type Expression, IS_NEW, isAsRead, isUnwritten, putIf } from './conditional-write.ts';
import { findItem, toUnreadable } from './stored-item.ts';
import { getItem, type Table } from './table.ts';

const KEY = { pk: 'PLANNER', sk: 'STATE' };

const arrivalsSchema = z.record(z.string(), instantSchema);

const plannerStateSchema = z.object({
  lastTick: instantSchema,
  arrivals: z._default(arrivalsSchema, {}),
  editionsIndexedSince: z.optional(instantSchema),
  instantCohortSince: z.optional(instantSchema),
  run: z.optional(z.object({ until: instantSchema, arrivals: arrivalsSchema, after: z.string() })),
});

/** How far the planner has come, in the `Subscribers` table: `PLANNER` / `STATE`. */
export function createPlannerRepository(table: Table): PlannerRepository {
  return {
    async load() {
      const item = await getItem(table, KEY);
      return item && (findItem(table, plannerStateSchema, item) ?? toUnreadable(item));
    },

    async save(state, previous) {
      if (!(await putIf(table, isStill(previous), { ...KEY, ...state })))
        throw new ConflictError('another run of the planner moved on first');
    },
  };
}

/** The condition that the state has not changed since it was loaded. */
function isStill(previous: PlannerState | UnreadableState | undefined): Expression {
  if (previous === undefined) return IS_NEW;
  if (isUnreadable(previous)) return isUnwritten(previous);
  const { lastTick, run } = previous;
  if (!run) return isAsRead({ lastTick, run });
  return both(isAsRead({ lastTick }), {
    expression: '#run.#after = :after',
    names: { '#run': 'run', '#after': 'after' },
    values: { ':after': run.after },
  });
}
