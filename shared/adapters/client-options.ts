/** How long one try of a call may take, in milliseconds. */
export interface TimeLimits {
  /** Until the connection stands. */
  readonly connectionTimeout: number;
  /** Until the answer is there. */
  readonly requestTimeout: number;
}

/** What an SDK client may be told; on AWS nothing, the runtime tells it the region and lends it a role. */
export interface ClientOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How long each try of a call may take. @default what suits the service on AWS */
  readonly timeLimits?: TimeLimits;
}
