import { type Clock, type Timer, toInstant } from '../domain/time/time.ts';

export const systemClock: Clock = { now: () => toInstant(Date.now()) };

export const systemTimer: Timer = {
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
