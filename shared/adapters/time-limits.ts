/**
 * How long a call to DynamoDB or SQS waits for its answer before the SDK makes it again, which is harmless: each may be repeated.
 * Without a limit one silent connection would hold a batch until its function is cut off, with claims in hand.
 */
export const TIME_LIMITS = {
  connectionTimeout: 1_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
} as const;
