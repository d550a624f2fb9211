import { createHash } from 'node:crypto';
import type { SESClient } from '@aws-sdk/client-ses';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { localClientOptions } from '../../local/emulators/loopback.ts';
import type { QueueName } from '../../local/emulators/sqs.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createSesClient } from '../../shared/adapters/ses/mailer.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { answerRequests, createResponse, type FakeResponse } from '../fakes/request-handler.ts';
import type { ChaosAccount } from './account.ts';
import type { MemoryDynamoDb } from './dynamodb/memory-dynamodb.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { Network } from './network.ts';

/** What stands behind the network. */
export interface Services {
  readonly dynamodb: Pick<MemoryDynamoDb, 'answer'>;
  readonly queues: Readonly<Record<QueueName, MemoryQueue>>;
  readonly account: ChaosAccount;
}

/** The real clients, all of whose requests go over a simulated network to services in memory. */
export interface Clients {
  readonly documents: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly ses: SESClient;
  readonly queueUrls: Readonly<Record<QueueName, string>>;
}

const NOWHERE = localClientOptions('http://127.0.0.1:1');

export const queueUrls: Readonly<Record<QueueName, string>> = {
  cohorts: 'http://127.0.0.1:1/0/cohorts',
  digests: 'http://127.0.0.1:1/0/digests',
  feedback: 'http://127.0.0.1:1/0/feedback',
  requests: 'http://127.0.0.1:1/0/requests',
};

export function createClients(network: Network, services: Services): Clients {
  const documents = createDocumentClient(NOWHERE);
  answerRequests(documents, ({ target = '', body }) => callDynamoDb(network, services, target, body));
  const sqs = createSqsClient(NOWHERE);
  answerRequests(sqs, ({ body }) => callSqs(network, services, body));
  const ses = createSesClient(NOWHERE);
  answerRequests(ses, ({ body }) => callSes(network, services, body));
  return { documents, sqs, ses, queueUrls };
}

const keySchema = z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) });
const requestSchema = z.object({
  Key: keySchema.optional(),
  Item: keySchema.optional(),
  ExpressionAttributeValues: z.unknown().optional(),
});
const batchGetSchema = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(z.unknown()) })),
});

function callDynamoDb(network: Network, { dynamodb }: Services, target: string, body: string) {
  const operation = target.split('.').at(-1) ?? '';
  const respond = (text: string) => {
    const { statusCode, body: answer } = dynamodb.answer(target, text);
    return createJson(statusCode, answer);
  };
  return network.call(
    { service: 'dynamodb', what: `${operation} ${toSubject(body)}` },
    {
      perform: () => respond(body),
      throttle: () =>
        createResponse(400, {
          __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
          message: 'The level of configured provisioned throughput for the table was exceeded.',
        }),
      ...(operation === 'BatchGetItem' && { performPartly: () => getHalf(respond, body) }),
    },
  );
}

/** Which item a request is about. */
function toSubject(body: string): string {
  const { Key, Item, ExpressionAttributeValues } = requestSchema.parse(JSON.parse(body));
  const key = Key ?? Item;
  return key ? `${key.pk.S} ${key.sk.S}` : JSON.stringify(ExpressionAttributeValues ?? {});
}

/** Half of the items; the keys of the others are left unprocessed, as those of a throttled table are. */
function getHalf(respond: (body: string) => FakeResponse, body: string): FakeResponse {
  const { RequestItems } = batchGetSchema.parse(JSON.parse(body));
  const [[table, { Keys }] = ['', { Keys: [] }]] = Object.entries(RequestItems);
  const half = Math.ceil(Keys.length / 2);
  const answered = respond(JSON.stringify({ RequestItems: { [table]: { Keys: Keys.slice(0, half) } } }));
  const found = z.object({ Responses: z.unknown() }).parse(JSON.parse(textOf(answered)));
  const left = Keys.slice(half);
  return createResponse(200, {
    ...found,
    UnprocessedKeys: left.length > 0 ? { [table]: { Keys: left } } : {},
  });
}

const sendBatchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z.array(
    z.object({ Id: z.string(), MessageBody: z.string(), DelaySeconds: z.number().optional() }),
  ),
});

function callSqs(network: Network, { queues }: Services, body: string) {
  const { QueueUrl, Entries } = sendBatchSchema.parse(JSON.parse(body));
  const name = Object.entries(queueUrls).find(([, url]) => url === QueueUrl)?.[0] as QueueName;
  const send = (entries: typeof Entries) => {
    for (const { MessageBody, DelaySeconds = 0 } of entries)
      queues[name].send(MessageBody, DelaySeconds * 1000);
    return createResponse(200, {
      Successful: entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
      Failed: Entries.filter((entry) => !entries.includes(entry)).map(({ Id }) => ({
        Id,
        Code: 'InternalError',
        SenderFault: false,
      })),
    });
  };
  return network.call(
    { service: 'sqs', what: `SendMessageBatch ${name}` },
    {
      perform: () => send(Entries),
      performPartly: () => send(Entries.slice(1)),
      throttle: () =>
        createResponse(403, {
          __type: 'com.amazonaws.sqs#RequestThrottled',
          message: 'Request is throttled.',
        }),
    },
  );
}

function callSes(network: Network, { account }: Services, body: string) {
  const form = new URLSearchParams(body.slice(0, body.indexOf('RawMessage') >>> 0));
  const what = `${form.get('Action')} ${form.get('Destinations.member.1') ?? ''}`.trim();
  return network.call(
    { service: 'ses', what },
    { perform: () => account.answer(body), throttle: () => account.throttle() },
  );
}

function createJson(statusCode: number, body: string): FakeResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: new TextEncoder().encode(body),
  };
}

function textOf({ body }: FakeResponse): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}
