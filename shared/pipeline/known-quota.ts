import type { Instant } from '../domain/time.ts';
import type { SendQuota, SendQuotaReader, Timer } from '../sending-ports.ts';

export interface QuotaPorts {
  readonly quota: SendQuotaReader;
  readonly timer: Timer;
}

/** What a worker knows of the account's quota. */
export interface KnownQuota {
  readonly readAt: Instant;
  /** Mails that may still go out; those of other workers since then are not taken off. */
  readonly left: number;
}

const MAX_ATTEMPTS = 6;

/** So that all attempts end within a worker's time, though each waits for its answer as long as it may. */
const LONGEST_WAIT_SEC = 20;

const MS_PER_SEC = 1000;

/**
 * Reads the quota, without which nothing is sent. SES answers once a second, to all workers together, so those that start
 * together try again at moments of their own, within as many seconds as there are workers, 20 at most.
 *
 * @throws Error of the last attempt, when the quota cannot be read time and again
 */
export async function loadFirstQuota({ quota, timer }: QuotaPorts, maxWorkers: number): Promise<SendQuota> {
  const longestWaitMs = Math.min(maxWorkers, LONGEST_WAIT_SEC) * MS_PER_SEC;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await quota.load();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
      await timer.wait(Math.ceil(Math.random() * longestWaitMs));
    }
  }
}
