import { type Clock, toInstant } from '../domain/time.ts';

/** The clock of this machine. */
export const systemClock: Clock = { now: () => toInstant(Date.now()) };
