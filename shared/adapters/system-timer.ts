import type { Timer } from '../ports/mail.ts';

/** The timer of this machine. */
export const systemTimer: Timer = {
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
