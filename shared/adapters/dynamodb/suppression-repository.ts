import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Subscriber } from '../../domain/subscriber.ts';
import { type Suppression, suppressionSchema } from '../../domain/suppression.ts';
import type { SuppressionRepository } from '../../ports/subscribers.ts';
import { findItem, type Item, readItem } from './stored-item.ts';
import { batchGetAll, deleteItem, getItem, type Table } from './table.ts';

const KEY_PREFIX = 'SUB#';

/** Suppressions in the `Subscribers` table: `SUB#<id>` / `LEFT`, beside the profile and after it. They do not expire. */
export function createSuppressionRepository(table: Table): SuppressionRepository {
  return {
    async load(id) {
      const item = await getItem(table, keyOf(id));
      return item && readItem(table, suppressionSchema, item);
    },

    async loadMany(ids) {
      const items = await batchGetAll(table, ids.map(keyOf));
      return new Map(
        items.map((item) => [
          String(item.pk).slice(KEY_PREFIX.length),
          findReadable(table, item) ?? 'unreadable',
        ]),
      );
    },

    erase: (id) => deleteItem(table, keyOf(id)),
  };
}

/** Returns the suppression of an id. Undefined if there is none, or if it cannot be read, which is reported. */
export async function findSuppression(table: Table, id: Subscriber['id']): Promise<Suppression | undefined> {
  const item = await getItem(table, keyOf(id));
  return item && findReadable(table, item);
}

/** Returns a suppression as {@link findItem} does, but never throws, even if the table has no `onUnreadable`. */
function findReadable({ name, onUnreadable = () => {} }: Table, item: Item): Suppression | undefined {
  return findItem({ name, onUnreadable }, suppressionSchema, item);
}

/** Keeps a suppression in place of an earlier one. */
export async function putSuppression(
  table: Table,
  id: Subscriber['id'],
  suppression: Suppression,
): Promise<void> {
  await table.documents.send(
    new PutCommand({ TableName: table.name, Item: { ...keyOf(id), ...suppression } }),
  );
}

function keyOf(id: Subscriber['id']) {
  return { pk: `${KEY_PREFIX}${id}`, sk: 'LEFT' };
}
