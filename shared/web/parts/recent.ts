import { type Clock, msBetween } from '../../domain/time.ts';

/** Loads values by key. Callers that ask for the same key within a short time share one load. */
export interface Recent<Value> {
  load(key: string, load: () => Promise<Value>): Promise<Value>;
}

/** As long as browsers keep a page about today. */
const KEPT_MS = 60_000;

/** Pages are smaller than 50 KB, so all together take less than 5 MB. */
const MAX_KEPT = 100;

/**
 * Keeps the values that were loaded in the last minute, the {@link MAX_KEPT} newest. A load that fails is not kept.
 *
 * @param isKept whether to keep a value. Callers that wait for it while it loads get it in any case. @default all
 */
export function createRecent<Value>(
  { clock }: { readonly clock: Clock },
  isKept: (value: Value) => boolean = () => true,
): Recent<Value> {
  const kept = new Map<string, { readonly at: string; readonly value: Promise<Value> }>();
  return {
    load(key, load) {
      const now = clock.now();
      const known = kept.get(key);
      const ageMs = known ? msBetween(known.at, now) : Number.POSITIVE_INFINITY;
      // A clock can be set back.
      if (known && ageMs >= 0 && ageMs < KEPT_MS) return known.value;
      const value = load();
      const entry = { at: now, value };
      kept.delete(key);
      kept.set(key, entry);
      for (const oldest of [...kept.keys()].slice(0, kept.size - MAX_KEPT)) kept.delete(oldest);
      const forget = () => {
        if (kept.get(key) === entry) kept.delete(key);
      };
      value.then((loaded) => isKept(loaded) || forget(), forget);
      return value;
    },
  };
}
