import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ConflictError } from '../../domain/errors.ts';
import type { PlannerRepository } from '../../ports.ts';
import { type Expression, IS_NEW, putIf } from './conditional-write.ts';
import { parseItem, type Table } from './table.ts';

const KEY = { pk: 'PLANNER', sk: 'STATE' };

const plannerStateSchema = z.object({
  lastTick: z.iso.datetime({ precision: 3 }),
  arrivals: z.record(z.string(), z.iso.datetime({ precision: 3 })),
});

/** How far the planner has come, in the `Subscribers` table: `PLANNER` / `STATE`. */
export function createPlannerRepository(table: Table): PlannerRepository {
  return {
    async load() {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: KEY, ConsistentRead: true }),
      );
      return Item && parseItem(plannerStateSchema, Item);
    },

    async save(state, previous) {
      const isUnmoved: Expression = previous
        ? { expression: 'lastTick = :lastTick', values: { ':lastTick': previous.lastTick } }
        : IS_NEW;
      if (!(await putIf(table, isUnmoved, { ...KEY, ...state }))) {
        throw new ConflictError(`the planner is no longer at tick ${previous?.lastTick ?? 'none'}`);
      }
    },
  };
}
