import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ConflictError } from '../../domain/errors.ts';
import type { PlannerRepository } from '../../ports.ts';
import { isConditionFailed, parseItem, type Table } from './table.ts';

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
      try {
        await table.documents.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...KEY, ...state },
            ...(previous
              ? {
                  ConditionExpression: 'lastTick = :lastTick',
                  ExpressionAttributeValues: { ':lastTick': previous.lastTick },
                }
              : { ConditionExpression: 'attribute_not_exists(pk)' }),
          }),
        );
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        throw new ConflictError(`the planner is no longer at tick ${previous?.lastTick ?? 'none'}`, {
          cause: error,
        });
      }
    },
  };
}
