/** How long one attempt of a call may take, in milliseconds. */
export interface TimeLimits {
  /** Until the connection is open. */
  readonly connectionTimeout: number;
  /** Until the answer arrives. */
  readonly requestTimeout: number;
}

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

/** Returns the options of an SDK client with time limits. A call that takes longer fails. */
export function withTimeLimits({ timeLimits, ...options }: ClientOptions, defaults: TimeLimits) {
  return { ...options, requestHandler: { ...defaults, ...timeLimits, throwOnRequestTimeout: true } };
}
