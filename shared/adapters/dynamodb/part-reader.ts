import * as z from '../../domain/zod.ts';
import { findItem } from './stored-item.ts';
import { batchGetAll, type ItemKey, type Table } from './table.ts';

/** Bytes in items of one partition: `<name>#000`, `<name>#001` and so on. They never change. */
export interface StoredParts {
  readonly partition: string;
  readonly name: string;
  readonly parts: number;
}

/** A query returns a megabyte at a time, and a batch 16. Parts have at most 350 KB, so 40 of them fit into a batch. */
const PARTS_AT_ONCE = 40;

const partSchema = z.object({ bytes: z.instanceof(Uint8Array) });

/**
 * Loads what is in parts, by name. Leaves out bytes with a missing part. The first reads may miss parts that were just written, and cost
 * half. What they miss is read again.
 */
export async function loadParts(
  table: Table,
  wanted: readonly StoredParts[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = await readParts(table, wanted, false);
  const missed = wanted.filter(({ name }) => !found.has(name));
  return missed.length === 0 ? found : new Map([...found, ...(await readParts(table, missed, true))]);
}

async function readParts(
  table: Table,
  wanted: readonly StoredParts[],
  isConsistent: boolean,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const named = wanted.map((stored) => ({ name: stored.name, keys: partKeysOf(stored) }));
  const keys = named.flatMap((parts) => parts.keys);
  const batches = Array.from({ length: Math.ceil(keys.length / PARTS_AT_ONCE) }, (_, nth) =>
    keys.slice(nth * PARTS_AT_ONCE, (nth + 1) * PARTS_AT_ONCE),
  );
  const items = (await Promise.all(batches.map((batch) => batchGetAll(table, batch, isConsistent)))).flat();
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

export function partKeysOf({ partition, name, parts }: StoredParts): readonly ItemKey[] {
  return Array.from({ length: parts }, (_, nth) => ({
    pk: partition,
    sk: `${name}#${String(nth).padStart(3, '0')}`,
  }));
}
