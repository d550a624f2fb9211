import { type Clock, toInstant } from '../domain/time/time.ts';
import type { Timer } from '../ports/mail.ts';

/** The clock of this machine. */
export const systemClock: Clock = { now: () => toInstant(Date.now()) };

/** The timer of this machine. */
export const systemTimer: Timer = {
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
