import { createHash, randomBytes } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Budget, BudgetRepository } from '../../ports/subscribers.ts';
import { updateIf } from './conditional-write.ts';
import { toExpiry } from './expiry.ts';
import type { Table } from './table.ts';
import { TTL_ATTRIBUTE } from './table-schema.ts';

/** Enough bytes that some thousand ids do not collide. */
const ID_BYTES = 9;

/**
 * Budgets in the `Subscribers` table: `LIMIT#<what>` / `<window>`. An item holds a set of ids of 12 characters, not a number.
 * Adding an id twice changes nothing, so a call that the SDK retries counts once. The maximum is some thousands, so the item stays
 * small.
 */
export function createBudgetRepository(table: Table): BudgetRepository {
  return {
    spend({ what, window, max, expiresAt }, counted) {
      const id = toShortId(counted);
      return updateIf(
        table,
        {
          expression: 'attribute_not_exists(spentBy) OR size(spentBy) < :max OR contains(spentBy, :id)',
          values: { ':max': max, ':id': id },
        },
        keyOf({ what, window }),
        {
          expression: 'ADD spentBy :ids SET #expiry = :expiry',
          names: { '#expiry': TTL_ATTRIBUTE },
          values: { ':ids': new Set([id]), ':expiry': toExpiry(expiresAt, 0) },
        },
      );
    },

    async forget(budget) {
      await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keyOf(budget) }));
    },
  };
}

function keyOf({ what, window }: Pick<Budget, 'what' | 'window'>) {
  return { pk: `LIMIT#${what}`, sk: window };
}

/** Returns twelve characters: a hash of the id, or random ones without an id. */
function toShortId(id: string | undefined): string {
  const bytes = id === undefined ? randomBytes(ID_BYTES) : createHash('sha256').update(id).digest();
  return bytes.subarray(0, ID_BYTES).toString('base64url');
}
