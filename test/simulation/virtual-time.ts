import { type Clock, type Instant, toEpochMs, toInstant } from '../../shared/domain/time.ts';
import type { Timer } from '../../shared/ports/mail.ts';

/** Time that passes only while everybody waits, and then at once to the next moment that somebody waits for. */
export interface VirtualTime extends Clock, Timer {
  /** No time passes until this work is done: for what takes turns of the event loop, and no time of ours. */
  hold<Result>(work: Promise<Result>): Promise<Result>;
  /**
   * Lets time pass until the work is done.
   *
   * @throws Error when it is not done and nobody waits for a moment any more
   */
  run<Result>(work: Promise<Result>): Promise<Result>;
}

interface Waiting {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop in which nobody waits before a run counts as stuck: a library may be loading its parts. */
const STUCK_AFTER_TURNS = 5_000_000;

/** Starts at an instant. Those who wait for the same moment wake in the order in which they began to wait. */
export function createVirtualTime(start: Instant, stuckAfterTurns: number = STUCK_AFTER_TURNS): VirtualTime {
  const waiting: Waiting[] = [];
  let nowMs = toEpochMs(start);
  let held = 0;

  /** Wakes those of the next moment; false when there are none. */
  const pass = (): boolean => {
    const next = waiting[0];
    if (!next) return false;
    nowMs = next.atMs;
    const later = waiting.findIndex(({ atMs }) => atMs > nowMs);
    for (const { wake } of waiting.splice(0, later < 0 ? waiting.length : later)) wake();
    return true;
  };

  return {
    now: () => toInstant(nowMs),

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
        // A turn of the event loop ends behind all promises that can go on.
        await new Promise(setImmediate);
        if (isDone || held > 0) continue;
        idleTurns = pass() ? 0 : idleTurns + 1;
        if (idleTurns > stuckAfterTurns)
          throw new Error(`at ${toInstant(nowMs)} nobody waits, and the work is not done`);
      }
      return work;
    },
  };
}
