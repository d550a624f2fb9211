import * as z from 'zod';
import type { ListId } from '../../domain/lists.ts';
import type { Day } from '../../domain/time.ts';
import {
  type ListDay,
  SNAPSHOT_FORMAT,
  type SnapshotHeader,
  type SnapshotReader,
  type StoredBytes,
  type UnusableHeader,
} from '../../ports/snapshots.ts';
import { findItem, type Item } from './stored-item.ts';
import { batchGetAll, type ItemKey, queryAll, type Table } from './table.ts';

const bytesSchema = z.instanceof(Uint8Array);

const storedBytesSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inline'), bytes: bytesSchema }),
  z.object({ kind: z.literal('parts'), name: z.string().min(1), parts: z.int().positive() }),
]);

const headerSchema = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  writeId: z.string().min(1),
  writtenAt: z.iso.datetime({ precision: 3 }),
  text: storedBytesSchema,
  votes: storedBytesSchema,
});

const otherFormatSchema = z.object({
  format: z.int().refine((format) => format !== SNAPSHOT_FORMAT),
  writeId: z.string().optional(),
});

const partSchema = z.object({ bytes: bytesSchema });

/** A query returns a megabyte at a time, and a batch 16. Parts have at most 350 KB, so 40 of them fit into a batch. */
const PARTS_AT_ONCE = 40;

/**
 * Reads snapshots of list-days in the `Papers` table. The header is at `SNAPSHOTS#<list>` / `<day>`, and its parts at
 * `SNAPSHOT#<list>#<day>` / `<name>#<number>`. All reads are consistent.
 */
export function createSnapshotReader(table: Table): SnapshotReader {
  return {
    loadHeaders: (list, first, last) => loadHeaders(table, list, first, last),
    loadParts: (wanted) => loadParts(table, wanted),
  };
}

export async function loadHeaders(
  table: Table,
  list: ListId,
  first: Day,
  last: Day,
): Promise<readonly (SnapshotHeader | UnusableHeader)[]> {
  // A header has at most 100 KB, and a window 36 days.
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': headerPartitionOf(list), ':first': first, ':last': last },
    ConsistentRead: true,
  });
  return items.map((item) => toHeader(table, list, item));
}

function toHeader(table: Table, list: ListId, item: Item): SnapshotHeader | UnusableHeader {
  const listDay = { list, day: String(item.sk) };
  const other = otherFormatSchema.safeParse(item);
  if (other.success) return { ...listDay, kind: 'outdated', version: other.data.writeId };
  const header = findItem(table, headerSchema, item);
  if (!header) {
    const { writeId } = item;
    return { ...listDay, kind: 'damaged', version: typeof writeId === 'string' ? writeId : undefined };
  }
  const { writeId, writtenAt, text, votes } = header;
  return { ...listDay, kind: 'snapshot', version: writeId, writtenAt, text, votes };
}

export async function loadParts(
  table: Table,
  wanted: readonly (ListDay & { readonly stored: StoredBytes })[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const named = wanted.flatMap(({ list, day, stored }) =>
    stored.kind === 'parts' ? [{ name: stored.name, keys: partKeysOf({ list, day }, stored) }] : [],
  );
  const keys = named.flatMap((one) => one.keys);
  const batches = Array.from({ length: Math.ceil(keys.length / PARTS_AT_ONCE) }, (_, nth) =>
    keys.slice(nth * PARTS_AT_ONCE, (nth + 1) * PARTS_AT_ONCE),
  );
  const items = (await Promise.all(batches.map((batch) => batchGetAll(table, batch, true)))).flat();
  const bytesOf = new Map(
    items.map((item) => [`${item.pk} ${item.sk}`, findItem(table, partSchema, item)?.bytes]),
  );
  return new Map(
    named.flatMap(({ name, keys: own }) => {
      const parts = own.flatMap(({ pk, sk }) => bytesOf.get(`${pk} ${sk}`) ?? []);
      return parts.length === own.length ? [[name, Buffer.concat(parts)] as const] : [];
    }),
  );
}

export function headerKeyOf({ list, day }: ListDay): ItemKey {
  return { pk: headerPartitionOf(list), sk: day };
}

function headerPartitionOf(list: ListId): string {
  return `SNAPSHOTS#${list}`;
}

export function partPartitionOf({ list, day }: ListDay): string {
  return `SNAPSHOT#${list}#${day}`;
}

export function partKeysOf(
  listDay: ListDay,
  { name, parts }: Pick<Extract<StoredBytes, { kind: 'parts' }>, 'name' | 'parts'>,
): readonly ItemKey[] {
  return Array.from({ length: parts }, (_, nth) => ({
    pk: partPartitionOf(listDay),
    sk: `${name}#${String(nth).padStart(3, '0')}`,
  }));
}
