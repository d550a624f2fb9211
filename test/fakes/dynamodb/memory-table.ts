import { type CohortIndex, TABLE_KEY } from '../../../shared/adapters/dynamodb/table-schema.ts';
import { type AttributeMap, attributeOf, sizeOf } from './attribute-value.ts';
import type { KeySchema } from './key-ranges.ts';
import { createPartitions, type Entry, type Partitions } from './partitions.ts';
import { InvalidRequestError } from './refusals.ts';
import { createUnitMeter, type UnitMeter, type Units } from './units.ts';

/** The table or one of its indexes. A query reads its items in order. */
export interface View {
  readonly keys: KeySchema;
  readonly partitions: Partitions;
}

export interface TableKey {
  readonly pk: string;
  readonly sk: string;
}

/** A table whose items are `pk` / `sk`, with indexes whose items are `<attribute>` / `pk`. */
export interface MemoryTable {
  /** What requests used so far. */
  readonly units: Units;
  readonly meter: UnitMeter;
  readonly main: View;
  readonly indexes: ReadonlyMap<string, View>;
  get(key: TableKey): Entry | undefined;
  /** @throws InvalidRequestError for a key that is empty or not a string, and for an item above 400 KB */
  put(item: AttributeMap): void;
  remove(key: TableKey): void;
}

const MAX_ITEM_BYTES = 400 * 1024;

/** Returns an empty table. */
export function createMemoryTable(indexes: readonly CohortIndex[]): MemoryTable {
  const main: View = { keys: TABLE_KEY, partitions: createPartitions() };
  const views = new Map(
    indexes.map(({ name, attribute, projects }) => {
      const keys = { partition: attribute, sort: TABLE_KEY.partition };
      return [name, { keys, projects, partitions: createPartitions() }] as const;
    }),
  );

  const units: Units = { reads: 0, writes: 0 };
  const meter = createUnitMeter(units);

  const get = ({ pk, sk }: TableKey) => main.partitions.get(pk, { sort: sk, tie: '' });

  /** Updates the entries of an item in the indexes. */
  const reindex = ({ pk, sk }: TableKey, before: AttributeMap, after: AttributeMap) => {
    for (const { keys, projects, partitions } of views.values()) {
      const old = indexKeyOf(before, keys.partition);
      const now = indexKeyOf(after, keys.partition);
      const position = { sort: pk, tie: sk };
      const entry = old === undefined ? undefined : partitions.get(old, position);
      if (old !== undefined) partitions.remove(old, position);
      // An index is charged for each entry that is removed, added or changed.
      if (entry && old !== now) meter.write(entry.bytes);
      if (now === undefined) continue;
      const projected = projects === undefined ? undefined : attributeOf(after, projects);
      const attributes = {
        pk: { S: pk },
        sk: { S: sk },
        [keys.partition]: { S: now },
        ...(projects !== undefined && projected && { [projects]: projected }),
      };
      const bytes = sizeOf(attributes);
      if (old !== now || JSON.stringify(attributes) !== JSON.stringify(entry?.attributes))
        meter.write(Math.max(bytes, old === now ? (entry?.bytes ?? 0) : 0));
      partitions.put(now, { ...position, attributes, bytes });
    }
  };

  return {
    main,
    indexes: views,
    units,
    meter,
    get,

    put(item) {
      const key = keyIn(item);
      const bytes = sizeOf(item);
      if (bytes > MAX_ITEM_BYTES)
        throw new InvalidRequestError('Item size has exceeded the maximum allowed size');
      reindex(key, get(key)?.attributes ?? {}, item);
      main.partitions.put(key.pk, { sort: key.sk, tie: '', attributes: item, bytes });
    },

    remove(key) {
      reindex(key, get(key)?.attributes ?? {}, {});
      main.partitions.remove(key.pk, { sort: key.sk, tie: '' });
    },
  };
}

/**
 * Returns the key of an item.
 *
 * @throws InvalidRequestError if a part of it is missing, empty or not a string
 */
export function keyIn({ pk, sk }: AttributeMap): TableKey {
  if (!pk?.S || !sk?.S)
    throw new InvalidRequestError('an item needs a pk and an sk that are strings with something in them');
  return { pk: pk.S, sk: sk.S };
}

function indexKeyOf(item: AttributeMap, attribute: string): string | undefined {
  const value = attributeOf(item, attribute);
  if (!value) return undefined;
  if (!value.S)
    throw new InvalidRequestError(
      `${attribute} is the key of an index and must be a string with something in it`,
    );
  return value.S;
}
