/** A cache of values with a memory limit. It drops values that were not used lately. */
export interface Memo<Key, Value> {
  /** Returns the value of a key. Computes it if it is not in the cache. */
  recall(key: Key, compute: () => Value): Value;
  /** Returns the value of a key. Undefined if it is not in the cache. */
  find(key: Key): Value | undefined;
}

/** A limit of memory that several memos share. */
export interface MemoSpace {
  /** @param bytesOf about how many bytes a value and its key take */
  createMemo<Key, Value extends object | string>(
    bytesOf: (value: Value, key: Key) => number,
  ): Memo<Key, Value>;
  /** Notes that a cached value takes more bytes than before. `bytesOf` must return its new size from now on. */
  grow(bytes: number): void;
  /** Raises the limit to this many bytes. A lower number has no effect. */
  raise(maxBytes: number): void;
}

/** A new value counts as this many bytes in addition to its own: the entry and its objects. */
const BYTES_PER_ENTRY = 200;

/** Creates a memo with a limit of its own. */
export function createMemo<Key, Value extends object | string>(
  maxBytes: number,
  bytesOf: (value: Value, key: Key) => number,
): Memo<Key, Value> {
  return createMemoSpace(maxBytes).createMemo(bytesOf);
}

/**
 * Creates a space with two halves, for any number of memos. When the newer half is full, it replaces the older one, whose values are
 * dropped. A value of the older half that is used moves to the newer one. An unused memo ends up empty.
 */
export function createMemoSpace(maxBytes: number): MemoSpace {
  /** The values by their memo, which only the memo itself reads. */
  let newer = new Map<symbol, Map<never, never>>();
  let older = newer;
  let bytes = 0;
  let limit = maxBytes;
  /** Makes room for a value. It starts a new half if the newer one is full. */
  const add = (added: number) => {
    bytes += added;
    if (bytes <= limit / 2) return;
    older = newer;
    newer = new Map();
    bytes = added;
  };
  return {
    grow: add,
    raise(atLeast) {
      limit = Math.max(limit, atLeast);
    },
    createMemo<Key, Value extends object | string>(bytesOf: (value: Value, key: Key) => number) {
      const self = Symbol('memo');
      const valuesIn = (half: typeof newer) => half.get(self) as Map<Key, Value> | undefined;
      const remember = (key: Key, value: Value) => {
        add(BYTES_PER_ENTRY + bytesOf(value, key));
        const values = valuesIn(newer) ?? new Map<Key, Value>();
        newer.set(self, values.set(key, value) as Map<never, never>);
        return value;
      };
      return {
        recall: (key: Key, compute: () => Value) =>
          valuesIn(newer)?.get(key) ?? remember(key, valuesIn(older)?.get(key) ?? compute()),
        find: (key: Key) => valuesIn(newer)?.get(key) ?? valuesIn(older)?.get(key),
      };
    },
  };
}
