import { type Finding, fail, ok } from '../finding.ts';
import type { QueueDepth } from '../ports.ts';

/** Whether anything was given up. What still waits is told only: how long it has waited is known to CloudWatch alone. */
export function checkQueue(queue: QueueDepth, deadLetters: QueueDepth): Finding {
  const dead = deadLetters.waiting + deadLetters.inFlight;
  const found = `${dead} dead letters, ${queue.waiting} waiting, ${queue.inFlight} being worked on`;
  return dead === 0
    ? ok(found)
    : fail(found, 'find out why, mend it, and send them again: docs/operating.md, "Dead letters"');
}
