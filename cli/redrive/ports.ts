import type { Instant } from '../../shared/domain/time.ts';

/** A message that was given up. */
interface Letter {
  readonly body: string;
  /** When it was first queued. */
  readonly sentAt: Instant;
}

/** The dead letters of one queue. */
export interface DeadLetters {
  /** About how many there are, as SQS counts. */
  count(): Promise<number>;
  /** Some of them, which stay where they are. */
  look(): Promise<readonly Letter[]>;
  /**
   * Moves some back to their queue, no more than `atMost`, and returns how many; 0 once there are none. Each is sent before
   * it is deleted, so one may come to stand in both places, which its handler bears, and none is lost.
   */
  moveSome(atMost: number): Promise<number>;
}
