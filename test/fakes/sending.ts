import { addMs, type Instant, MS_PER_HOUR } from '../../shared/domain/time/time.ts';
import { NO_USAGE } from '../../shared/domain/usage.ts';
import type { SendRateLimiter } from '../../shared/pipeline/sending/send-rate-limiter.ts';
import type { Waitlist } from '../../shared/ports/mail.ts';
import type { Meter } from '../../shared/ports/meter.ts';

/** Creates a rate limiter that lets every mail go out immediately. */
export function createFakeSendRateLimiter(): SendRateLimiter {
  return {
    checkSending: async () => undefined,
    acquire: async () => 'go',
    refund: () => {},
    report: () => {},
  };
}

/** Creates a waitlist in memory. */
export function createFakeWaitlist(): Waitlist {
  let oldest: { queuedAt: Instant; seenAt: Instant } | undefined;
  const isSeen = (seenSince: Instant) =>
    oldest !== undefined && oldest.seenAt >= seenSince && oldest.seenAt <= addMs(seenSince, MS_PER_HOUR);
  return {
    loadOldest: async (seenSince) => (isSeen(seenSince) ? oldest?.queuedAt : undefined),
    async add(queuedAt, at, seenSince) {
      if (!oldest || !isSeen(seenSince) || oldest.queuedAt >= queuedAt) oldest = { queuedAt, seenAt: at };
    },
  };
}

/** Creates a meter that measures nothing. */
export function createFakeMeter(): Meter {
  return { measure: async (work) => ({ result: await work(), used: NO_USAGE }) };
}
