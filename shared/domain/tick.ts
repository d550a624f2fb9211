import { addMs, type Instant, toEpochMs, toInstant } from './time.ts';

/** The planner's unit of time: a quarter hour of UTC, because every zone's offset is a multiple of it. */
export const TICK_MS = 900_000;

/** A quarter hour of UTC, as the instant at which it begins: `2026-01-05T08:15:00.000Z`. */
export type Tick = Instant;

/** The tick in which an instant falls. */
export function tickOf(instant: Instant): Tick {
  return toInstant(Math.floor(toEpochMs(instant) / TICK_MS) * TICK_MS);
}

/** The tick before. */
export function previousTick(tick: Tick): Tick {
  return addMs(tick, -TICK_MS);
}
