import type { SQSEvent } from 'aws-lambda';
import type { SqsHandler } from '../../../shared/adapters/lambda/sqs-handler.ts';
import type { MemoryQueue, QueuedMessage } from '../services/memory-queue.ts';
import type { Containers } from './containers.ts';

export interface QueueWorkersOptions {
  readonly queue: MemoryQueue;
  readonly containers: Containers<SqsHandler>;
  /** How many workers receive messages at the same time. */
  readonly workers: number;
  /** The most messages in one invocation. */
  readonly batchSize: number;
  /** Called for each handled message. */
  readonly onDone?: ((body: string) => void) | undefined;
}

/**
 * Delivers messages to a function endlessly, like an event source of Lambda. Messages that failed, or whose process
 * died, are redelivered.
 */
export function startQueueWorkers(options: QueueWorkersOptions): void {
  const { queue, containers, workers, batchSize, onDone } = options;
  const work = async () => {
    for (;;) {
      const messages = await queue.receive(batchSize);
      const done = await containers.invoke((handler, remainingMs) =>
        handOver(handler, messages, remainingMs),
      );
      for (const message of done ?? []) {
        message.isDeleted = true;
        onDone?.(message.body);
      }
    }
  };
  for (let n = 0; n < workers; n += 1) void work();
}

/** Returns the messages that did not fail. */
async function handOver(
  handler: SqsHandler,
  messages: readonly QueuedMessage[],
  remainingMs: () => number,
): Promise<readonly QueuedMessage[]> {
  const { batchItemFailures } = await handler(toEvent(messages), { getRemainingTimeInMillis: remainingMs });
  const failures = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return messages.filter(({ id }) => !failures.has(id));
}

function toEvent(messages: readonly QueuedMessage[]): SQSEvent {
  return {
    Records: messages.map(({ id, body, receives }) => ({
      messageId: id,
      receiptHandle: id,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: '0',
        SenderId: 'chaos',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:chaos',
      awsRegion: 'us-east-1',
    })),
  };
}
