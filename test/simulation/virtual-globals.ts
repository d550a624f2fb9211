import type { Random } from './seeded-random.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * Replaces the timers and `Math.random` while the work runs. So the retries of libraries wait in virtual time, and their random
 * numbers come from a seed.
 */
export async function withVirtualGlobals<Result>(
  time: VirtualTime,
  random: Random,
  work: () => Promise<Result>,
): Promise<Result> {
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    random: Math.random,
  };
  const cleared = new Set<unknown>();
  let ids = 0;
  const setTimeoutVirtually = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    ids += 1;
    const id = ids;
    void time.wait(ms).then(() => {
      if (!cleared.delete(id)) callback(...args);
    });
    return id;
  };
  Object.assign(globalThis, {
    setTimeout: setTimeoutVirtually,
    clearTimeout: (id: unknown) => {
      cleared.add(id);
    },
  });
  Math.random = random;
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Math.random = real.random;
  }
}
