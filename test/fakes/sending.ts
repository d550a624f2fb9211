import type { Instant } from '../../shared/domain/time.ts';
import type { Pace } from '../../shared/pipeline/pace.ts';
import type { SendingLine } from '../../shared/sending-ports.ts';

/** A pace at which everything may go out at once. */
export function createFakePace(): Pace {
  return {
    findObstacle: async () => undefined,
    takeTurn: async () => 'go',
    giveBack: () => {},
    report: () => {},
  };
}

/** The line in memory. */
export function createFakeLine(): SendingLine {
  let head: { queuedAt: Instant; seenAt: Instant } | undefined;
  const isSeen = (seenSince: Instant) => head !== undefined && head.seenAt >= seenSince;
  return {
    loadHead: async (seenSince) => (isSeen(seenSince) ? head?.queuedAt : undefined),
    async join(queuedAt, at, seenSince) {
      if (!head || !isSeen(seenSince) || head.queuedAt >= queuedAt) head = { queuedAt, seenAt: at };
    },
  };
}
