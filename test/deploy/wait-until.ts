import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;

/**
 * Calls a probe four times a second until it returns something, and returns that.
 *
 * @param wanted what the probe waits for, for the error: `four digests in the ledger`
 * @throws Error after the time-out
 */
export async function waitUntil<Found>(
  wanted: string,
  timeoutMs: number,
  probe: () => Promise<Found | undefined>,
): Promise<Found> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      throw new Error(`waited ${timeoutMs / 1_000} s without success for ${wanted}`);
    }
    await delay(POLL_MS);
  }
}
