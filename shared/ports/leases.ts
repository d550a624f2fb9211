import type { Instant } from '../domain/time/time.ts';

interface LeaseRequest {
  readonly holder: string;
  readonly at: Instant;
  /** The lease expires then, also if its holder died. */
  readonly until: Instant;
}

export type Lease =
  | { readonly kind: 'acquired' }
  /** Another holder has the lease. It may release it before `until`. */
  | { readonly kind: 'held'; readonly until: Instant }
  /** No holder has the lease, but it is too early for the next one. */
  | { readonly kind: 'paused'; readonly until: Instant };

/**
 * Leases on outside systems and on sources. Everything that runs in a deployment shares them. So a system gets one request at a time, and
 * a source has one reader.
 */
export interface Leases {
  /** Acquires the lease on a system if it is free. Otherwise returns why not. */
  acquire(system: string, request: LeaseRequest): Promise<Lease>;
  /** Releases the lease of a holder. The next one can begin at `nextAt`. Does nothing if the lease has expired. */
  release(system: string, holder: string, nextAt: Instant): Promise<void>;
}
