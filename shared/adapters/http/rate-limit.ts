import { randomUUID } from 'node:crypto';
import { toEpochMs, toInstant } from '../../domain/time/time.ts';
import type { Telemetry } from '../../observability.ts';
import { HttpError } from '../../ports/http.ts';
import type { Lease, Leases } from '../../ports/leases.ts';
import { type Attempt, type AttemptPolicy, attemptGet } from './attempt.ts';

/** One request at a time, at an interval, for a system that limits its requests. */
export interface RateLimit {
  readonly leases: Leases;
  /** The system that the leases are on: `arxiv`. It may have several hosts. */
  readonly system: string;
  /** The shortest time between the starts of two requests. */
  readonly intervalMs: number;
  /** Logs a lease that could not be released. @default logs nothing */
  readonly telemetry?: Pick<Telemetry, 'warn'>;
}

export interface RateLimitOptions extends RateLimit {
  readonly policy: AttemptPolicy;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  readonly random: () => number;
  /** The longest wait for the lease. */
  readonly longestWaitMs: number;
}

/** A lease outlasts the time limit of its request by this much, for the writes around it. */
const LEASE_RESERVE_MS = 10_000;

/** How often a waiting client checks whether the lease was released. */
const CHECK_EVERY_MS = 1_000;

/** Each wait is longer by a random time up to this, so that waiting clients do not all ask together. */
const JITTER_MS = 250;

/** A system can stop all requests of a deployment for this long at most. */
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Waits for the lease, and sends one request. If the system asks for a pause, no client asks it before the pause is over.
 *
 * @throws HttpError if the lease was not free in time, or if a retry would not help
 * @throws the errors of `Leases.acquire`
 */
export async function attemptWithinRate(
  url: URL,
  options: RateLimitOptions,
  signal?: AbortSignal,
): Promise<Attempt> {
  const { leases, system, intervalMs, policy, sleep, telemetry } = options;
  const holder = await acquireLease(url, options, signal);
  let lastStartMs = Number.NEGATIVE_INFINITY;
  const beforeRequest = async (attemptSignal: AbortSignal) => {
    const waitMs = lastStartMs + intervalMs - policy.now();
    if (waitMs > 0) await sleep(waitMs, attemptSignal);
    lastStartMs = policy.now();
  };
  let pauseMs = 0;
  try {
    const attempt = await attemptGet(url, { ...policy, beforeRequest }, signal);
    if (attempt.kind === 'failed') pauseMs = Math.min(attempt.askedWaitMs ?? 0, LONGEST_PAUSE_MS);
    return attempt;
  } finally {
    const nowMs = policy.now();
    const nextAt = toInstant(Math.max(lastStartMs + intervalMs, nowMs + pauseMs));
    // A failure must not replace the answer. The lease then expires by itself.
    await leases
      .release(system, holder, nextAt)
      .catch((error: unknown) =>
        telemetry?.warn('The lease on a system was not released', { system, error }),
      );
  }
}

/** Waits for the lease. Returns the id of its holder. */
async function acquireLease(url: URL, options: RateLimitOptions, signal?: AbortSignal): Promise<string> {
  const { leases, system, policy, sleep, random, longestWaitMs } = options;
  const holder = randomUUID();
  const giveUpMs = policy.now() + longestWaitMs;
  for (;;) {
    if (signal?.aborted) throw new HttpError('stopped by the caller', { url, cause: signal.reason });
    const nowMs = policy.now();
    const untilMs = nowMs + policy.timeoutMs + LEASE_RESERVE_MS;
    const lease = await leases.acquire(system, { holder, at: toInstant(nowMs), until: toInstant(untilMs) });
    if (lease.kind === 'acquired') return holder;
    const leftMs = Math.max(0, toEpochMs(lease.until) - nowMs);
    const worthwhileMs = lease.kind === 'held' ? Math.min(leftMs, CHECK_EVERY_MS) : leftMs;
    const waitMs = worthwhileMs + Math.ceil(random() * JITTER_MS);
    if (nowMs + waitMs > giveUpMs) throw new HttpError(explain(lease, options), { url });
    await sleep(waitMs, signal);
  }
}

function explain(
  lease: Exclude<Lease, { kind: 'acquired' }>,
  { system, longestWaitMs }: RateLimitOptions,
): string {
  return lease.kind === 'paused'
    ? `not asked: ${system} wants no request before ${lease.until}`
    : `not asked: other requests to ${system} took all turns for ${longestWaitMs / 1_000} s`;
}
