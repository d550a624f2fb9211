import type { Random } from '../../simulation/seeded-random.ts';
import type { VirtualTime } from '../../simulation/virtual-time.ts';

/** A message in the queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  receives: number;
  isDeleted: boolean;
}

/** How late a message is, and how often it is delivered. */
export interface Disturbance {
  readonly lateMs: number;
  readonly copies: number;
}

/** An SQS queue: it delivers messages at least once and in any order. */
export interface MemoryQueue {
  send(body: string, delayMs?: number): void;
  /** Like `send`, but neither late nor duplicated. Messages that are delayed repeatedly would multiply otherwise. */
  putOff(body: string, delayMs: number): void;
  /** Waits for the next messages, up to a number. Messages that are not deleted in time are redelivered. */
  receive(max: number): Promise<readonly QueuedMessage[]>;
  /** Messages that are not deleted yet. */
  backlog(): number;
  /** Dead letters: messages with too many receives. */
  readonly deadLetters: QueuedMessage[];
  /** Moves the dead letters back. */
  redrive(): void;
}

export interface MemoryQueueOptions {
  readonly visibilityTimeoutMs: number;
  readonly maxReceives: number;
  readonly disturb?: (() => Disturbance) | undefined;
}

/** Delivers the visible messages in random order. */
export function createMemoryQueue(
  time: VirtualTime,
  random: Random,
  options: MemoryQueueOptions,
): MemoryQueue {
  const { visibilityTimeoutMs, maxReceives, disturb = () => ({ lateMs: 0, copies: 1 }) } = options;
  const visible: QueuedMessage[] = [];
  const idle: (() => void)[] = [];
  const deadLetters: QueuedMessage[] = [];
  const alive = new Set<QueuedMessage>();
  let sent = 0;

  const put = async (message: QueuedMessage, delayMs: number) => {
    if (delayMs > 0) await time.wait(delayMs);
    if (message.isDeleted) {
      alive.delete(message);
    } else if (message.receives >= maxReceives) {
      alive.delete(message);
      deadLetters.push(message);
    } else {
      visible.push(message);
      idle.shift()?.();
    }
  };
  const add = (body: string, delayMs: number) => {
    sent += 1;
    const message = { id: `message-${sent}`, body, receives: 0, isDeleted: false };
    alive.add(message);
    void put(message, delayMs);
  };

  return {
    deadLetters,
    send(body, delayMs = 0) {
      const { lateMs, copies } = disturb();
      for (let copy = 0; copy < copies; copy += 1) add(body, delayMs + lateMs * (copy + 1));
    },
    putOff: add,
    async receive(max) {
      while (visible.length === 0) await new Promise<void>((wake) => idle.push(wake));
      const taken: QueuedMessage[] = [];
      while (visible.length > 0 && taken.length < max) {
        taken.push(...visible.splice(Math.floor(random() * visible.length), 1));
      }
      for (const message of taken) {
        message.receives += 1;
        void put(message, visibilityTimeoutMs);
      }
      return taken;
    },
    backlog: () => [...alive].filter(({ isDeleted }) => !isDeleted).length,
    redrive() {
      for (const { body } of deadLetters.splice(0)) add(body, 0);
    },
  };
}
