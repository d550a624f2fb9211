import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { SqsHandler } from '../shared/adapters/lambda/sqs-handler.ts';

/** Receives messages from a queue and passes them to a handler, as Lambda's event source does. */
export interface QueueWorker {
  /** Processes messages until the queue is empty and returns how many it received. */
  drain(): Promise<number>;
  /** Processes messages until {@link stop}. */
  start(): void;
  /** Stops after the messages in flight. */
  stop(): Promise<void>;
}

export interface QueueWorkerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly handler: SqsHandler;
  /** Messages per call of the handler, 1 to 10. */
  readonly batchSize: number;
  /** Receives errors of the queue or the handler. The worker then retries. */
  readonly onError: (error: unknown) => void;
  /** The wait between two polls of an empty queue. @default 200 */
  readonly idleMs?: number;
}

const DEFAULT_IDLE_MS = 200;

/** The remaining time that a handler sees. Nothing stops it, but a handler that divides its work reads this. */
const INVOCATION_MS = 120_000;

/**
 * Creates a worker. It deletes the messages that its handler processed. Failed messages become visible again after their
 * visibility time-out.
 *
 * It is written by hand, because `sqs-consumer` polls without an end and has no {@link QueueWorker.drain}. Its loop would
 * replace only a few lines.
 */
export function createQueueWorker(options: QueueWorkerOptions): QueueWorker {
  const { sqs, queueUrl, handler, batchSize, onError, idleMs = DEFAULT_IDLE_MS } = options;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const workOnce = async (): Promise<number> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: batchSize,
        MessageSystemAttributeNames: ['All'],
        WaitTimeSeconds: 0,
      }),
    );
    if (Messages.length === 0) return 0;
    const endsAt = performance.now() + INVOCATION_MS;
    const { batchItemFailures } = await handler(
      { Records: Messages.map((message) => toRecord(message, queueUrl)) },
      { getRemainingTimeInMillis: () => endsAt - performance.now() },
    );
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = Messages.filter(({ MessageId }) => MessageId && !failed.has(MessageId));
    for (const { ReceiptHandle } of done) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
    return Messages.length;
  };

  const drain = async (): Promise<number> => {
    let total = 0;
    for (let worked = await workOnce(); worked > 0; worked = await workOnce()) total += worked;
    return total;
  };

  const runUntilStopped = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const worked = await workOnce().catch((error: unknown) => {
        onError(error);
        return 0;
      });
      if (worked === 0) await delay(idleMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  return {
    drain,
    start() {
      running = runUntilStopped();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function toRecord(message: Message, queueUrl: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount ?? '1',
      SentTimestamp: message.Attributes?.SentTimestamp ?? '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: message.Attributes?.ApproximateFirstReceiveTimestamp ?? '0',
    },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueUrl.split('/').at(-1)}`,
    awsRegion: 'us-east-1',
  };
}
