import { type ListenOptions, Server } from 'node:net';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { type QueueName, queueNames } from '../../shared/ports/queues.ts';
import { LOOPBACK, localClientOptions } from './loopback.ts';

/** A running SQS and SNS. Each queue has a dead-letter queue. */
export interface LocalSqs {
  readonly sqs: SQSClient;
  readonly endpoint: string;
  readonly queueUrls: Readonly<Record<QueueName, string>>;
  readonly deadLetterUrls: Readonly<Record<QueueName, string>>;
  /** The topic for the events of SES. The feedback queue subscribes to it. */
  readonly sesTopicArn: string;
  /** Returns the bodies of all unfinished messages, including those in flight. */
  backlog(queue: QueueName): readonly string[];
  /** Returns the bodies of all dead letters, the oldest first. */
  deadLetters(queue: QueueName): readonly string[];
  close(): Promise<void>;
}

/** Short, so that a failed message is retried soon. */
const VISIBILITY_TIMEOUT_SEC = 5;
const MAX_RECEIVES = 5;

const SES_TOPIC = 'ses-events';

/** Starts an embedded SQS and SNS on a free port. The messages are in memory. */
export async function startSqs(): Promise<LocalSqs> {
  const server = await startOnLoopback();
  const endpoint = `http://${LOOPBACK}:${server.port}`;
  const pairs = queueNames.map((name) => [name, createQueuePair(server, name)] as const);
  const urlsOf = (kind: 'work' | 'deadLetters') =>
    Object.fromEntries(pairs.map(([name, pair]) => [name, pair[kind]])) as Record<QueueName, string>;
  const { topicArn } = server.createTopic(SES_TOPIC);
  server.subscribe({ topic: SES_TOPIC, queue: 'feedback' satisfies QueueName });
  const sqs = createSqsClient(localClientOptions(endpoint));
  return {
    sqs,
    endpoint,
    queueUrls: urlsOf('work'),
    deadLetterUrls: urlsOf('deadLetters'),
    sesTopicArn: topicArn,
    backlog: (queue) => inspect(server, queue),
    deadLetters: (queue) => inspect(server, deadLetterNameOf(queue)),
    async close() {
      sqs.destroy();
      await server.stop();
    },
  };
}

/**
 * Starts fauxqs on the loopback address. It listens on all addresses of the machine, whatever its `host` is. Then anyone in the network
 * could read and send messages. So the server that it starts gets another host.
 */
async function startOnLoopback(): Promise<FauxqsServer> {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (this: Server, options?: ListenOptions, ...rest: unknown[]) {
    const onLoopback = options?.host === '0.0.0.0' ? { ...options, host: LOOPBACK } : options;
    return Reflect.apply(listen, this, [onLoopback, ...rest]);
  } as typeof listen;
  try {
    return await startFauxqs({ port: 0, host: LOOPBACK, logger: false });
  } finally {
    Server.prototype.listen = listen;
  }
}

function createQueuePair(server: FauxqsServer, name: QueueName) {
  const deadLetters = server.createQueue(deadLetterNameOf(name));
  const queue = server.createQueue(name, {
    attributes: {
      VisibilityTimeout: String(VISIBILITY_TIMEOUT_SEC),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.queueArn,
        maxReceiveCount: MAX_RECEIVES,
      }),
    },
  });
  return { work: queue.queueUrl, deadLetters: deadLetters.queueUrl };
}

function inspect(server: FauxqsServer, name: string): readonly string[] {
  const messages = server.inspectQueue(name)?.messages;
  if (!messages) return [];
  const waiting = [
    ...messages.ready,
    ...messages.delayed,
    ...messages.inflight.map(({ message }) => message),
  ];
  return waiting.map((message) => message.body);
}

function deadLetterNameOf(name: QueueName): string {
  return `${name}-dead-letters`;
}
