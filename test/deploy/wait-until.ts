import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;

/**
 * What a probe finds, asked four times a second until it finds something.
 *
 * @param wanted what is waited for, for the error: `four digests in the ledger`
 * @throws Error when nothing was found in time
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
      throw new Error(`waited ${timeoutMs / 1_000} s in vain for ${wanted}`);
    }
    await delay(POLL_MS);
  }
}
