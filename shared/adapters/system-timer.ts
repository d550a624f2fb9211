import type { Timer } from '../sending-ports.ts';

/** The timer of this machine. */
export const systemTimer: Timer = {
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
