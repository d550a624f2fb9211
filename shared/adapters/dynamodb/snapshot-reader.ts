import type { ListId } from '../../domain/lists/lists.ts';
import type { Day } from '../../domain/time/time.ts';
import { instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import {
  type ListDay,
  SNAPSHOT_FORMAT,
  type SnapshotHeader,
  type SnapshotReader,
  type StoredBytes,
  type UnusableHeader,
} from '../../ports/snapshots.ts';
import { loadParts, type StoredParts } from './part-reader.ts';
import { findItem, type Item } from './stored-item.ts';
import { type ItemKey, queryAll, type Table } from './table.ts';

const bytesSchema = z.instanceof(Uint8Array);

const storedBytesSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inline'), bytes: bytesSchema }),
  z.object({
    kind: z.literal('parts'),
    name: z.string().check(z.minLength(1)),
    parts: z.int().check(z.positive()),
  }),
]);

const headerSchema = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  writeId: z.string().check(z.minLength(1)),
  writtenAt: instantSchema,
  text: storedBytesSchema,
  votes: storedBytesSchema,
});

const otherFormatSchema = z.object({
  format: z.int().check(z.refine((format) => format !== SNAPSHOT_FORMAT)),
});

/**
 * Reads snapshots of list-days in the `Papers` table. The header is at `SNAPSHOTS#<list>` / `<day>`, and its parts at
 * `SNAPSHOT#<list>#<day>` / `<name>#<number>`. The reads see every write that ended before them.
 */
export function createSnapshotReader(table: Table): SnapshotReader {
  return {
    loadHeaders: (list, first, last) => loadHeaders(table, list, first, last),
    loadParts: (wanted) => {
      const stored = wanted.flatMap((header) => snapshotPartsOf(header, header.stored) ?? []);
      return loadParts(table, stored);
    },
  };
}

async function loadHeaders(
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
  const isOutdated = otherFormatSchema.safeParse(item).success;
  const header = isOutdated ? undefined : findItem(table, headerSchema, item);
  if (!header) return { ...listDay, kind: isOutdated ? 'outdated' : 'damaged', version: item.writeId };
  const { writeId, writtenAt, text, votes } = header;
  return { ...listDay, kind: 'snapshot', version: writeId, writtenAt, text, state: votes };
}

/** Returns where the parts of stored bytes are. Undefined for bytes in a header. */
export function snapshotPartsOf(listDay: ListDay, stored: StoredBytes): StoredParts | undefined {
  if (stored.kind === 'inline') return undefined;
  return { partition: partPartitionOf(listDay), name: stored.name, parts: stored.parts };
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
