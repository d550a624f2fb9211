import { addMs, type Clock, type Instant } from '../shared/domain/time.ts';

/** A clock that stands still until it is moved. */
export interface HandClock extends Clock {
  moveTo(instant: Instant): void;
  moveBy(ms: number): void;
}

/** A clock that starts at an instant. */
export function createHandClock(start: Instant): HandClock {
  let now = start;
  return {
    now: () => now,
    moveTo(instant) {
      now = instant;
    },
    moveBy(ms) {
      now = addMs(now, ms);
    },
  };
}
