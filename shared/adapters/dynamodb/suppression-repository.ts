import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import { type Suppression, suppressionSchema } from '../../domain/subscribers/suppression.ts';
import type { SuppressionRepository } from '../../ports/subscribers.ts';
import { subscriberIdOf, suppressionKeyOf } from './keys.ts';
import { findItem, type Item, readItem } from './stored-item.ts';
import { batchGetAll, deleteItem, getItem, type Table } from './table.ts';

/** Suppressions in the `Subscribers` table: `SUB#<id>` / `LEFT`, beside the profile and after it. They do not expire. */
export function createSuppressionRepository(table: Table): SuppressionRepository {
  return {
    async load(id) {
      const item = await getItem(table, suppressionKeyOf(id));
      return item && readItem(table, suppressionSchema, item);
    },

    async loadMany(ids) {
      const items = await batchGetAll(table, ids.map(suppressionKeyOf));
      return new Map(items.map((item) => [subscriberIdOf(item), findReadable(table, item) ?? 'unreadable']));
    },

    erase: (id) => deleteItem(table, suppressionKeyOf(id)),
  };
}

/** Returns the suppression of an id. Undefined if there is none, or if it cannot be read, which is reported. */
export async function findSuppression(table: Table, id: Subscriber['id']): Promise<Suppression | undefined> {
  const item = await getItem(table, suppressionKeyOf(id));
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
    new PutCommand({ TableName: table.name, Item: { ...suppressionKeyOf(id), ...suppression } }),
  );
}
