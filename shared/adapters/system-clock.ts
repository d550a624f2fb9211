import { type Clock, toInstant } from '../domain/time/time.ts';
import type { Timer } from '../ports/mail.ts';

export const systemClock: Clock = { now: () => toInstant(Date.now()) };

export const systemTimer: Timer = {
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
