import { createConnections, type TimeLimits } from './connections.ts';

/** The options of an SDK client. On AWS it needs none: the runtime provides the region and a role. */
export interface ClientOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How long each attempt of a call may take. @default limits that suit the service on AWS */
  readonly timeLimits?: TimeLimits;
}

/**
 * How long a call to DynamoDB or SQS waits for its answer before the SDK retries. A retry is harmless, because every call is
 * idempotent. Without a limit, one silent connection would block a batch and its claims until the function times out.
 */
export const TIME_LIMITS: TimeLimits = { connectionTimeout: 1_000, requestTimeout: 5_000 };

/**
 * How long a connection may be idle. Load balancers of AWS close idle connections after 60 seconds. The SDK repeats a call on a closed
 * connection.
 */
const MAX_IDLE_MS = 50_000;

/** Returns the options of an SDK client with time limits. A call that takes longer fails. */
export function withTimeLimits(
  { timeLimits, ...options }: ClientOptions,
  defaults: TimeLimits & { readonly maxIdleMs?: number },
) {
  const requestHandler = createConnections({ maxIdleMs: MAX_IDLE_MS, ...defaults, ...timeLimits });
  return { ...options, requestHandler };
}
