import { type Clock, type Instant, type Timer, toEpochMs, toInstant } from '../../shared/domain/time/time.ts';

/** A clock for simulations. While all work waits, it jumps to the next instant that any of it waits for. */
export interface VirtualTime extends Clock, Timer {
  /** Stops the clock until this work is done. For work that needs turns of the event loop but no virtual time. */
  hold<Result>(work: Promise<Result>): Promise<Result>;
  /**
   * Runs the clock until the work is done.
   *
   * @throws Error if the work is not done and nothing waits any more
   */
  run<Result>(work: Promise<Result>): Promise<Result>;
}

interface Waiting {
  readonly atMs: number;
  readonly wake: () => void;
}

/** How many idle turns of the event loop make a run stuck. A library that loads its parts also causes idle turns. */
const STUCK_AFTER_TURNS = 5_000_000;

/** Creates a clock that starts at an instant. Waits for the same instant end in the order in which they began. */
export function createVirtualTime(start: Instant, stuckAfterTurns: number = STUCK_AFTER_TURNS): VirtualTime {
  const waiting: Waiting[] = [];
  let nowMs = toEpochMs(start);
  let now = toInstant(nowMs);
  let held = 0;

  /** Moves to the next instant and ends its waits. Returns false if nothing waits. */
  const pass = (): boolean => {
    const next = waiting[0];
    if (!next) return false;
    if (next.atMs > nowMs) {
      nowMs = next.atMs;
      now = toInstant(nowMs);
    }
    const later = waiting.findIndex(({ atMs }) => atMs > nowMs);
    for (const { wake } of waiting.splice(0, later < 0 ? waiting.length : later)) wake();
    return true;
  };

  return {
    now: () => now,

    wait(ms) {
      return new Promise((wake) => {
        const atMs = nowMs + Math.max(0, Math.ceil(ms));
        const before = waiting.findLastIndex((other) => other.atMs <= atMs);
        waiting.splice(before + 1, 0, { atMs, wake });
      });
    },

    async hold(work) {
      held += 1;
      try {
        return await work;
      } finally {
        held -= 1;
      }
    },

    async run(work) {
      let isDone = false;
      const done = () => {
        isDone = true;
      };
      work.then(done, done);
      let idleTurns = 0;
      while (!isDone) {
        // A turn of the event loop ends after all promises that can continue.
        await new Promise(setImmediate);
        if (isDone || held > 0) continue;
        idleTurns = pass() ? 0 : idleTurns + 1;
        if (idleTurns > stuckAfterTurns)
          throw new Error(`stuck at ${now}: nothing waits, and the work is not done`);
      }
      return work;
    },
  };
}
