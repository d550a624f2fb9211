/** Remembers values up to a limit of memory. It forgets the ones that were not asked for lately. */
export interface Memo<Key, Value> {
  /** Returns the value of a key. It computes one that it does not remember. */
  recall(key: Key, compute: () => Value): Value;
  /** Returns the value of a key. Undefined if it does not remember one. */
  find(key: Key): Value | undefined;
}

/** A new value counts as this many bytes in addition to its own: the entry and its objects. */
const BYTES_PER_ENTRY = 200;

/**
 * Creates a memo with two halves. If the newer half is full, it becomes the older one, whose values are forgotten. A value of the
 * older half that is asked for moves to the newer one.
 *
 * @param bytesOf about how many bytes a value and its key take
 */
export function createMemo<Key, Value extends object>(
  maxBytes: number,
  bytesOf: (value: Value, key: Key) => number,
): Memo<Key, Value> {
  let newer = new Map<Key, Value>();
  let older = new Map<Key, Value>();
  let bytes = 0;
  const remember = (key: Key, value: Value) => {
    const added = BYTES_PER_ENTRY + bytesOf(value, key);
    bytes += added;
    if (bytes > maxBytes / 2) {
      older = newer;
      newer = new Map();
      bytes = added;
    }
    newer.set(key, value);
    return value;
  };
  return {
    recall(key, compute) {
      return newer.get(key) ?? remember(key, older.get(key) ?? compute());
    },
    find: (key) => newer.get(key) ?? older.get(key),
  };
}
