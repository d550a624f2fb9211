import type { AttributeMap } from './attribute-value.ts';
import { compareStrings } from './compare-values.ts';
import { firstIndex } from './sorted-list.ts';

/** An item in a table or an index. It is replaced, never changed. */
export interface Entry {
  /** The sort key. */
  readonly sort: string;
  /** Distinguishes entries of an index with the same sort key. Empty in a table. */
  readonly tie: string;
  readonly attributes: AttributeMap;
  readonly bytes: number;
}

/** The position of an entry in its partition. */
export type Position = Pick<Entry, 'sort' | 'tie'>;

/** Entries by partition key, sorted by sort key within a partition. */
export interface Partitions {
  /** Returns the entries of a partition, in order. */
  entriesOf(partition: string): readonly Entry[];
  get(partition: string, position: Position): Entry | undefined;
  put(partition: string, entry: Entry): void;
  remove(partition: string, position: Position): void;
  /** Returns all partition keys, sorted. */
  keys(): readonly string[];
}

const NO_ENTRIES: readonly Entry[] = [];

export function createPartitions(): Partitions {
  const partitions = new Map<string, Entry[]>();
  let sortedKeys: readonly string[] | undefined;

  const find = (entries: readonly Entry[], position: Position) => {
    const index = firstIndex(entries, (entry) => comparePositions(entry, position) >= 0);
    const entry = entries[index];
    return { index, entry: entry && comparePositions(entry, position) === 0 ? entry : undefined };
  };

  return {
    entriesOf: (partition) => partitions.get(partition) ?? NO_ENTRIES,

    get(partition, position) {
      const entries = partitions.get(partition);
      return entries && find(entries, position).entry;
    },

    put(partition, entry) {
      const entries = partitions.get(partition);
      if (!entries) {
        partitions.set(partition, [entry]);
        sortedKeys = undefined;
        return;
      }
      const found = find(entries, entry);
      entries.splice(found.index, found.entry ? 1 : 0, entry);
    },

    remove(partition, position) {
      const entries = partitions.get(partition);
      const found = entries && find(entries, position);
      if (!entries || !found?.entry) return;
      entries.splice(found.index, 1);
      if (entries.length > 0) return;
      partitions.delete(partition);
      sortedKeys = undefined;
    },

    keys() {
      sortedKeys ??= [...partitions.keys()].sort(compareStrings);
      return sortedKeys;
    },
  };
}

/** Returns a number below 0 if `a` comes first. */
export function comparePositions(a: Position, b: Position): number {
  return compareStrings(a.sort, b.sort) || compareStrings(a.tie, b.tie);
}
