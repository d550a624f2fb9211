import type { Queue } from '../ports/queues.ts';

const MAX_ATTEMPTS = 3;

/** How long SQS hides the message of work that pauses. */
export const PAUSE_SEC = 300;

/**
 * Queues every message. Retries the messages that the queue did not accept.
 *
 * @throws Error if some are refused three times. The others are queued, so a caller that repeats may queue them twice
 */
export async function enqueueAll<Message>(
  queue: Queue<Message>,
  messages: readonly Message[],
  delaySec?: number,
): Promise<void> {
  let pending = messages;
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    if (attempt > MAX_ATTEMPTS) {
      throw new Error(`${pending.length} of ${messages.length} messages were refused ${MAX_ATTEMPTS} times`);
    }
    pending = await queue.enqueue(pending, delaySec);
  }
}
