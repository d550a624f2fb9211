import type { ClientOptions, TimeLimits } from './client-options.ts';

/**
 * How long a call to DynamoDB or SQS waits for its answer before the SDK makes it again, which is harmless: each may be repeated.
 * Without a limit one silent connection would hold a batch until its function is cut off, with claims in hand.
 */
export const TIME_LIMITS: TimeLimits = { connectionTimeout: 1_000, requestTimeout: 5_000 };

/** The options with these limits in the form in which an SDK client takes them. A call that takes longer fails. */
export function withTimeLimits({ timeLimits, ...options }: ClientOptions, defaults: TimeLimits) {
  return { ...options, requestHandler: { ...defaults, ...timeLimits, throwOnRequestTimeout: true } };
}
