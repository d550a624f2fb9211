import { addMs, type Clock, type Instant, type Timer } from '../shared/domain/time/time.ts';

/** A clock that changes only when it is moved. Waiting moves it and takes no time. */
export interface ManualClock extends Clock, Timer {
  moveTo(instant: Instant): void;
  moveBy(ms: number): void;
}

/** Creates a clock that starts at an instant. */
export function createManualClock(start: Instant): ManualClock {
  let now = start;
  return {
    now: () => now,
    moveTo(instant) {
      now = instant;
    },
    moveBy(ms) {
      now = addMs(now, ms);
    },
    async wait(ms) {
      now = addMs(now, ms);
    },
  };
}
