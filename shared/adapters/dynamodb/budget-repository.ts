import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { BudgetRepository } from '../../ports.ts';
import { TTL_ATTRIBUTE } from '../../table-schema.ts';
import { toExpiry } from './expiry.ts';
import { isConditionFailed, type Table } from './table.ts';

/** Counters in the `Subscribers` table: `LIMIT#<what>` / `<window>`. */
export function createBudgetRepository(table: Table): BudgetRepository {
  return {
    async spend({ what, window, max, expiresAt }) {
      try {
        await table.documents.send(
          new UpdateCommand({
            TableName: table.name,
            Key: { pk: `LIMIT#${what}`, sk: window },
            UpdateExpression: 'ADD spent :one SET #expiry = :expiry',
            ConditionExpression: 'attribute_not_exists(spent) OR spent < :max',
            ExpressionAttributeNames: { '#expiry': TTL_ATTRIBUTE },
            ExpressionAttributeValues: { ':one': 1, ':max': max, ':expiry': toExpiry(expiresAt, 0) },
          }),
        );
        return true;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        return false;
      }
    },
  };
}
