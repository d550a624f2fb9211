import { createHash } from 'node:crypto';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { type LocalSqs, startSqs } from '../../../local/emulators/sqs.ts';
import { createQueueWorker, type QueueWorkerOptions } from '../../../local/queue-worker.ts';
import { createLineTelemetry } from '../../../local/telemetry.ts';
import { createSqsHandler, type SqsHandler } from '../../../shared/adapters/lambda/sqs-handler.ts';
import { createQueue, createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';
import { AMPLE_TIME } from '../../flow/sqs-delivery.ts';

let local: LocalSqs;
let serial = 0;

beforeAll(async () => {
  local = await startSqs();
});

afterAll(() => local.close());

/** Creates a queue that immediately delivers a message again if it is not deleted. */
const createOwnQueue = async (): Promise<string> => {
  serial += 1;
  const { QueueUrl = '' } = await local.sqs.send(
    new CreateQueueCommand({ QueueName: `own-${serial}`, Attributes: { VisibilityTimeout: '0' } }),
  );
  return QueueUrl;
};
const range = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

describe('sending to a queue', () => {
  test('puts each of many messages on the queue as JSON', async () => {
    const messages = range(23);

    const refused = await createQueue(local.sqs, local.queueUrls.digests).enqueue(messages);

    expect(refused).toEqual([]);
    const bodies = local.backlog('digests').map((body): unknown => JSON.parse(body));
    expect(bodies).toHaveLength(23);
    expect(bodies).toEqual(expect.arrayContaining(messages));
  });

  test.each([undefined, 'import'])('puts all messages into its message group: %s', async (group) => {
    const client = createSqsClient(localClientOptions('http://127.0.0.1:1'));
    const groups: (string | undefined)[] = [];
    answerRequests(client, ({ body }) => {
      const { Entries } = entriesSchema.parse(JSON.parse(body));
      groups.push(...Entries.map(({ MessageGroupId }) => MessageGroupId));
      return createResponse(200, { Successful: Entries.map(accept), Failed: [] });
    });

    await createQueue(client, 'http://127.0.0.1:1/queue', group).enqueue(range(12));

    expect(groups).toEqual(range(12).map(() => group));
  });

  test('returns exactly the messages that a call refuses while it accepts others', async () => {
    const client = createSqsClient(localClientOptions('http://127.0.0.1:1'));
    const sent = answerRequests(client, ({ body }) => {
      const { Entries } = entriesSchema.parse(JSON.parse(body));
      const isRefused = ({ MessageBody }: Entry) => [3, 9, 11].includes(JSON.parse(MessageBody).n);
      return createResponse(200, {
        Successful: Entries.filter((entry) => !isRefused(entry)).map(accept),
        Failed: Entries.filter(isRefused).map(({ Id }) => ({
          Id,
          Code: 'InternalError',
          SenderFault: false,
        })),
      });
    });

    const refused = await createQueue<{ n: number }>(client, 'http://127.0.0.1:1/queue').enqueue(range(12));

    expect(refused).toEqual([{ n: 3 }, { n: 9 }, { n: 11 }]);
    expect(sent).toHaveLength(2);
  });

  test('sends at most 256 KB in a call, counted in bytes', async () => {
    const client = createSqsClient(localClientOptions('http://127.0.0.1:1'));
    const sizes: number[] = [];
    answerRequests(client, ({ body }) => {
      const { Entries } = entriesSchema.parse(JSON.parse(body));
      sizes.push(Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0));
      return createResponse(200, { Successful: Entries.map(accept), Failed: [] });
    });
    const messages = Array.from({ length: 10 }, (_, n) => ({ n, text: 'é'.repeat(30_000) }));

    expect(await createQueue(client, 'http://127.0.0.1:1/queue').enqueue(messages)).toEqual([]);

    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024);
  });

  test('makes no call without messages', async () => {
    const client = createSqsClient(localClientOptions('http://127.0.0.1:1'));
    const sent = answerRequests(client, () => createResponse(500, {}));

    expect(await createQueue(client, 'http://127.0.0.1:1/queue').enqueue([])).toEqual([]);
    expect(sent).toEqual([]);
  });
});

describe('a worker', () => {
  const startWorker = async (handler: SqsHandler, options: Partial<QueueWorkerOptions> = {}) => {
    const queueUrl = await createOwnQueue();
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const worker = createQueueWorker({
      sqs: local.sqs,
      queueUrl,
      handler,
      batchSize: 4,
      idleMs: 5,
      onError,
      ...options,
    });
    const queue = createQueue<{ n: number }>(local.sqs, options.queueUrl ?? queueUrl);
    return { worker, queue, queueUrl, errors };
  };
  const idsOf = ({ Records }: SQSEvent) => Records.map(({ messageId }) => messageId);
  const isEmpty = async (queueUrl: string) =>
    !(await local.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }))).Messages?.length;

  test('handles every message, a few concurrently, and deletes it from the queue', async () => {
    const handed: number[] = [];
    const { worker, queue, queueUrl } = await startWorker(async ({ Records }) => {
      handed.push(Records.length);
      return { batchItemFailures: [] };
    });
    await queue.enqueue(range(10));

    expect(await worker.drain()).toBe(10);

    expect(Math.max(...handed)).toBe(4);
    expect(await isEmpty(queueUrl)).toBe(true);
    expect(await worker.drain()).toBe(0);
  });

  test('receives only a failed message again, with its receive count', async () => {
    const seen: string[] = [];
    const { worker, queue } = await startWorker(async ({ Records }) => {
      const described = Records.map(
        ({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`,
      );
      seen.push(...described);
      const failed = Records.filter((_, index) => described[index] === '{"n":1} 1');
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await queue.enqueue(range(3));

    expect(await worker.drain()).toBe(4);

    expect(seen.sort()).toEqual(['{"n":0} 1', '{"n":1} 1', '{"n":1} 2', '{"n":2} 1']);
  });

  test('keeps a message that failed on the queue', async () => {
    const { worker, queue } = await startWorker(
      async (event) => ({ batchItemFailures: idsOf(event).map((itemIdentifier) => ({ itemIdentifier })) }),
      { queueUrl: local.queueUrls.cohorts },
    );
    await queue.enqueue([{ n: 7 }]);

    expect(await worker.drain()).toBe(1);

    expect(local.backlog('cohorts')).toEqual(['{"n":7}']);
  });

  test('continues after a handler throws, until it is stopped', async () => {
    let calls = 0;
    const { worker, queue, queueUrl, errors } = await startWorker(async () => {
      calls += 1;
      if (calls === 1) throw new Error('out of order');
      return { batchItemFailures: [] };
    });
    await queue.enqueue([{ n: 1 }]);

    worker.start();
    await waitUntil(() => calls === 2);
    await worker.stop();

    expect(errors).toEqual([new Error('out of order')]);
    expect(await isEmpty(queueUrl)).toBe(true);
    await queue.enqueue([{ n: 2 }]);
    await waitUntil(() => true);
    expect(calls).toBe(2);
  });

  test('stops only after the messages in flight are handled', async () => {
    let isInFlight = false;
    let release = () => {};
    const inFlight = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { worker, queue, queueUrl } = await startWorker(async () => {
      isInFlight = true;
      await inFlight;
      return { batchItemFailures: [] };
    });
    await queue.enqueue([{ n: 1 }]);
    worker.start();
    await waitUntil(() => isInFlight);

    let isStopped = false;
    const stopped = worker.stop().then(() => {
      isStopped = true;
    });
    await waitUntil(() => true);
    expect(isStopped).toBe(false);
    release();
    await stopped;

    expect(await isEmpty(queueUrl)).toBe(true);
  });
});

describe('a handler of messages', () => {
  const schema = z.object({ n: z.int() });
  const toRecord = (body: string, index: number): SQSRecord => ({
    messageId: `message-${index}`,
    receiptHandle: '',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:digests',
    awsRegion: 'us-east-1',
  });
  const run = async (bodies: readonly string[], handle: (message: { n: number }) => Promise<unknown>) => {
    const lines: string[] = [];
    const telemetry = createLineTelemetry((line) => lines.push(line));
    const handler = createSqsHandler(schema, handle, telemetry);
    const { batchItemFailures } = await handler({ Records: bodies.map(toRecord) }, AMPLE_TIME);
    return { failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), lines };
  };

  test('reports only the messages that failed', async () => {
    const handled: number[] = [];

    const { failed, lines } = await run(['{"n":0}', '{"n":1}', '{"n":2}'], async ({ n }) => {
      if (n === 1) throw new Error('the table is gone');
      handled.push(n);
    });

    expect(failed).toEqual(['message-1']);
    expect(handled).toEqual([0, 2]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the table is gone');
    expect(lines[0]).toContain('"messageId":"message-1"');
  });

  test('says of each message how often it was handed out, and how long the invocation may still run', async () => {
    const seen: unknown[] = [];
    const handler = createSqsHandler(
      schema,
      async ({ n }, { receives, remainingMs }) => seen.push([n, receives, remainingMs()]),
      createLineTelemetry(() => {}),
    );
    const Records = ['1', '4'].map((ApproximateReceiveCount, index) => {
      const record = toRecord(`{"n":${index}}`, index);
      return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount } };
    });

    await handler({ Records }, { getRemainingTimeInMillis: () => 1234 });

    expect(seen).toEqual([
      [0, 1, 1234],
      [1, 4, 1234],
    ]);
  });

  test('reports all messages if all failed, and does not throw', async () => {
    const { failed } = await run(['{"n":0}', '{"n":1}'], () => Promise.reject(new Error('down')));

    expect(failed).toEqual(['message-0', 'message-1']);
  });

  test.each([
    ['not JSON', 'ada@example.org asks for more'],
    ['JSON that is cut short', '{"n": 1, "address": "ada@example.org'],
    ['JSON of another shape', '{"n": "ada@example.org", "ada@example.org": 1}'],
  ])('a body that is %s fails only its message, and is not logged', async (_, body) => {
    const handled: number[] = [];

    const { failed, lines } = await run([body, '{"n":1}'], async ({ n }) => handled.push(n));

    expect(failed).toEqual(['message-0']);
    expect(handled).toEqual([1]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('message-0');
    expect(lines[0]).not.toContain('ada@');
    expect(lines[0]).not.toContain('asks for more');
  });
});

const entriesSchema = z.object({
  Entries: z
    .array(z.object({ Id: z.string(), MessageBody: z.string(), MessageGroupId: z.string().optional() }))
    .max(10),
});

type Entry = z.infer<typeof entriesSchema>['Entries'][number];

/** The answer of SQS for an accepted entry. The client checks the digest. */
function accept({ Id, MessageBody }: Entry) {
  const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
  return { Id, MessageId: `accepted-${Id}`, MD5OfMessageBody };
}

/** Looks every few milliseconds, at least a few times. */
async function waitUntil(isDone: () => boolean): Promise<void> {
  for (let look = 0; look < 4 || !isDone(); look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
