import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { SqsHandler } from '../shared/adapters/lambda/sqs-handler.ts';

/** Takes messages off a queue and hands them to a handler, as Lambda's event source does. */
export interface QueueWorker {
  /** Works off what is on the queue now and returns how many messages were dealt with. */
  drain(): Promise<number>;
  /** Goes on until {@link stop}. */
  start(): void;
  /** Ends after the messages in hand. */
  stop(): Promise<void>;
}

export interface QueueWorkerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly handler: SqsHandler;
  /** Messages handed over at once, 1 to 10. */
  readonly batchSize: number;
  /** Told of what goes wrong around the handler; the worker tries again. */
  readonly onError: (error: unknown) => void;
  /** How long to wait between looks at an empty queue. */
  readonly idleMs?: number;
}

const DEFAULT_IDLE_MS = 200;

/** How long a handler is told that it may run. Nothing ends it here, but one that divides its work goes by it. */
const INVOCATION_MS = 120_000;

/**
 * A worker that deletes the messages that its handler dealt with, and leaves those that it reports as failed to come
 * again after their visibility time-out.
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
