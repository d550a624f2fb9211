/**
 * Returns a function that makes a value when it is first called, and returns the same one afterwards. It keeps costly objects, such as
 * formats of `Intl`, out of the start of a function that may not need them.
 */
export function onFirstUse<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Returns a function that loads a value when it is first called, and returns the same one afterwards. It loads again after a failure. */
export function loadOnFirstUse<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** Returns a function that makes a value for each object once. The value is forgotten together with its object. */
export function oncePerObject<Source extends object, Value extends object>(
  make: (source: Source) => Value,
): (source: Source) => Value {
  const made = new WeakMap<Source, Value>();
  return (source) => {
    const known = made.get(source);
    if (known !== undefined) return known;
    const value = make(source);
    made.set(source, value);
    return value;
  };
}

/**
 * Returns a function that loads the value of each source once. It loads again after a failure.
 *
 * @param keyOf gives equal sources the same key. @default the source is its own key
 */
export function oncePerKey<Source, Value>(
  load: (source: Source) => Promise<Value>,
  keyOf: (source: Source) => unknown = (source) => source,
): (source: Source) => Promise<Value> {
  const loaded = new Map<unknown, Promise<Value>>();
  return (source) => {
    const key = keyOf(source);
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const loading = load(source);
    loaded.set(key, loading);
    loading.catch(() => loaded.delete(key));
    return loading;
  };
}
