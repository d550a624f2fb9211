import type { QueueName } from '../../../shared/ports/queues.ts';
import type { FunctionName } from './network.ts';

const MINUTE_MS = 60_000;

/** The time-out of an invocation, as the stack sets it. */
export const TIMEOUTS_MS: Readonly<Record<FunctionName, number>> = {
  ingest: 5 * MINUTE_MS,
  plan: 2 * MINUTE_MS,
  'fan-out': 2 * MINUTE_MS,
  send: 5 * MINUTE_MS,
  feedback: MINUTE_MS / 2,
  api: MINUTE_MS / 4,
};

/** The visibility timeout, as a multiple of the function's time-out. */
const VISIBILITY_TIMEOUTS = 6;

/** The receives before a message is dead-lettered, and how long it is hidden after each. */
export const QUEUE_LIMITS: Readonly<
  Record<QueueName, { readonly visibilityTimeoutMs: number; readonly maxReceives: number }>
> = {
  cohorts: { visibilityTimeoutMs: VISIBILITY_TIMEOUTS * TIMEOUTS_MS['fan-out'], maxReceives: 5 },
  digests: { visibilityTimeoutMs: VISIBILITY_TIMEOUTS * TIMEOUTS_MS.send, maxReceives: 10 },
  feedback: { visibilityTimeoutMs: VISIBILITY_TIMEOUTS * TIMEOUTS_MS.feedback, maxReceives: 5 },
  requests: { visibilityTimeoutMs: MINUTE_MS, maxReceives: 20 },
};
