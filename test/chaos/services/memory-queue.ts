import type { Random } from '../../simulation/seeded-random.ts';
import type { VirtualTime } from '../../simulation/virtual-time.ts';

/** A message on its way. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  receives: number;
  isDeleted: boolean;
}

/** How long a message is late, and how often it comes. */
export interface Disturbance {
  readonly lateMs: number;
  readonly copies: number;
}

/** A queue of SQS: messages come at least once and in any order. */
export interface MemoryQueue {
  send(body: string, delayMs?: number): void;
  /** As `send` does, but neither late nor twice: what is put off time and again would multiply. */
  putOff(body: string, delayMs: number): void;
  /** Waits for the next messages, at most so many. They come again unless they are deleted in time. */
  receive(max: number): Promise<readonly QueuedMessage[]>;
  /** Messages that nobody has dealt with. */
  backlog(): number;
  /** What came too often. */
  readonly deadLetters: QueuedMessage[];
  /** Moves the dead letters back. */
  redrive(): void;
}

export interface MemoryQueueOptions {
  readonly visibilityTimeoutMs: number;
  readonly maxReceives: number;
  readonly disturb?: (() => Disturbance) | undefined;
}

/** Hands out what is visible in an order of chance. */
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
