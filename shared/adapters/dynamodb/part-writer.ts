import { PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Instant } from '../../domain/time/time.ts';
import { partKeysOf, type StoredParts } from './part-reader.ts';
import { deleteItem, type ItemKey, queryEach, type Table } from './table.ts';

/** An item holds at most 400 KB, with its keys. */
const MAX_PART_BYTES = 350_000;

const WRITES_AT_ONCE = 4;

/** Writes bytes in parts. Returns how many there are. */
export async function saveParts(
  table: Table,
  { partition, name }: Pick<StoredParts, 'partition' | 'name'>,
  bytes: Uint8Array,
  writtenAt: Instant,
): Promise<number> {
  const parts = Math.ceil(bytes.byteLength / MAX_PART_BYTES);
  await pMap(
    partKeysOf({ partition, name, parts }).entries(),
    ([nth, key]) => {
      const part = bytes.subarray(nth * MAX_PART_BYTES, (nth + 1) * MAX_PART_BYTES);
      return table.documents.send(
        new PutCommand({ TableName: table.name, Item: { ...key, bytes: part, writtenAt } }),
      );
    },
    { concurrency: WRITES_AT_ONCE },
  );
  return parts;
}

export async function deleteParts(table: Table, keys: readonly ItemKey[]): Promise<void> {
  await pMap(keys, (key) => deleteItem(table, key), { concurrency: WRITES_AT_ONCE });
}

/** Deletes the parts of a partition that were written before `before` and are not among the named ones. */
export async function deleteStrayParts(
  table: Table,
  partition: string,
  named: readonly ItemKey[],
  before: Instant,
): Promise<void> {
  const kept = new Set(named.map(({ sk }) => sk));
  const stray: ItemKey[] = [];
  const parts = queryEach(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partition },
    // A query is charged for whole items. This leaves out only the transfer of their bytes.
    ProjectionExpression: 'pk, sk, writtenAt',
  });
  for await (const { pk, sk, writtenAt } of parts) {
    if (!kept.has(String(sk)) && String(writtenAt) < before) stray.push({ pk: String(pk), sk: String(sk) });
  }
  await deleteParts(table, stray);
}
