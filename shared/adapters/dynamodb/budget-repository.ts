import { createHash, randomBytes } from 'node:crypto';
import type { Budget, BudgetRepository } from '../../ports/subscribers.ts';
import { isInvalid, updateIf } from './conditional-write.ts';
import { toExpiry } from './expiry.ts';
import { UnreadableItemError } from './stored-item.ts';
import { deleteItem, type Table } from './table.ts';
import { TTL_ATTRIBUTE } from './table-schema.ts';

/** Enough bytes that some thousand ids do not collide. */
const ID_BYTES = 9;

/** Holds for a damaged set too. DynamoDB then refuses to add to it. */
const HAS_ROOM = [
  'attribute_not_exists(spentBy)',
  'NOT attribute_type(spentBy, :set)',
  'size(spentBy) < :max',
  'contains(spentBy, :id)',
].join(' OR ');

const IS_DAMAGED = 'attribute_exists(spentBy) AND NOT attribute_type(spentBy, :set)';

/**
 * Budgets in the `Subscribers` table: `LIMIT#<what>` / `<window>`. An item holds a set of ids of 12 characters, not a number.
 * Adding an id twice changes nothing, so a call that the SDK retries counts once. The maximum is a few thousand, so the item stays
 * small. A damaged item counts from zero again. Otherwise no reader could ask for a mail until the next window.
 */
export function createBudgetRepository(table: Table): BudgetRepository {
  return {
    async spend({ what, window, max, expiresAt }, counted) {
      const id = toShortId(counted);
      const key = keyOf({ what, window });
      const values = { ':ids': new Set([id]), ':expiry': toExpiry(expiresAt, 0) };
      const names = { '#expiry': TTL_ATTRIBUTE };
      const add = () =>
        updateIf(table, { expression: HAS_ROOM, values: { ':set': 'SS', ':max': max, ':id': id } }, key, {
          expression: 'ADD spentBy :ids SET #expiry = :expiry',
          names,
          values,
        });
      try {
        return await add();
      } catch (error) {
        // The attribute may be no set of strings.
        if (!isInvalid(error)) throw error;
        const isReplaced = await updateIf(table, { expression: IS_DAMAGED, values: { ':set': 'SS' } }, key, {
          expression: 'SET spentBy = :ids, #expiry = :expiry',
          names,
          values,
        });
        // Another call replaced it, or the error had another cause, which comes again.
        if (!isReplaced) return add();
        table.onUnreadable?.(
          new UnreadableItemError(table.name, key, ['spentBy: expected a set of strings']),
        );
        return true;
      }
    },

    forget: (budget) => deleteItem(table, keyOf(budget)),
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
