import type { Instant } from '../../shared/domain/time.ts';
import type { Pace } from '../../shared/pipeline/sending/pace.ts';
import type { Waitlist } from '../../shared/ports/mail.ts';

/** Creates a pace that gives every mail its turn immediately. */
export function createFakePace(): Pace {
  return {
    findDelay: async () => undefined,
    takeTurn: async () => 'go',
    refund: () => {},
    report: () => {},
  };
}

/** Creates a waitlist in memory. */
export function createFakeWaitlist(): Waitlist {
  let oldest: { queuedAt: Instant; seenAt: Instant } | undefined;
  const isSeen = (seenSince: Instant) => oldest !== undefined && oldest.seenAt >= seenSince;
  return {
    loadOldest: async (seenSince) => (isSeen(seenSince) ? oldest?.queuedAt : undefined),
    async add(queuedAt, at, seenSince) {
      if (!oldest || !isSeen(seenSince) || oldest.queuedAt >= queuedAt) oldest = { queuedAt, seenAt: at };
    },
  };
}
