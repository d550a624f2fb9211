import type { Instant } from '../../shared/domain/time.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import { describeLetter, type QueueName } from './describe-letter.ts';
import type { DeadLetters } from './ports.ts';

/** What lies among the dead letters of a queue. */
export interface Heap {
  readonly queue: QueueName;
  readonly count: number;
  /** When the oldest of those that were looked at was first queued. */
  readonly oldestAt?: Instant | undefined;
  /** What some of them stand for. */
  readonly letters: readonly string[];
}

/** Looks at the dead letters of a queue, and leaves them where they are. */
export async function lookAt(queue: QueueName, deadLetters: DeadLetters, now: Instant): Promise<Heap> {
  const count = await deadLetters.count();
  const letters = count === 0 ? [] : await deadLetters.look();
  return {
    queue,
    count: Math.max(count, letters.length),
    oldestAt: letters.map(({ sentAt }) => sentAt).sort()[0],
    letters: letters.map(({ body }) => describeLetter(queue, body, now)),
  };
}

/**
 * Moves at most so many letters back, some at a time: those that there were at the start. What fails again comes back, and is
 * not moved a second time.
 *
 * @param onMoved is told of how many were moved so far
 */
export async function moveBack(
  deadLetters: DeadLetters,
  atMost: number,
  onMoved: (moved: number) => void,
): Promise<number> {
  let moved = 0;
  while (moved < atMost) {
    const some = await deadLetters.moveSome(atMost - moved);
    if (some === 0) break;
    moved += some;
    onMoved(moved);
  }
  return moved;
}

/** The heaps in words. */
export function toText(heaps: readonly Heap[]): string {
  return heaps.flatMap(toLines).join('\n');
}

function toLines({ queue, count, oldestAt, letters }: Heap): readonly string[] {
  if (count === 0) return [`${queue}: no dead letters`];
  const more = count - letters.length;
  return [
    `${queue}: ${toCountText(count, 'dead letter')}${oldestAt ? `, the oldest of ${oldestAt}` : ''}`,
    ...letters.map((letter) => `  ${letter}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
