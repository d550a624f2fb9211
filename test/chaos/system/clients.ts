import type { SESClient } from '@aws-sdk/client-ses';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import type { QueueName } from '../../../local/emulators/sqs.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSesClient } from '../../../shared/adapters/ses/mailer.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import type { MemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { answerRequests } from '../../fakes/request-handler.ts';
import type { ChaosAccount } from '../services/account.ts';
import type { MemoryQueue } from '../services/memory-queue.ts';
import { callDynamoDb } from './call-dynamodb.ts';
import { callSes } from './call-ses.ts';
import { callSqs, queueUrls } from './call-sqs.ts';
import type { Wire } from './network.ts';

/** The services at the other end of the network. */
export interface Services {
  readonly dynamodb: Pick<MemoryDynamoDb, 'answer'>;
  readonly queues: Readonly<Record<QueueName, MemoryQueue>>;
  readonly account: ChaosAccount;
}

/** Returns the real clients. All their requests go over a wire to services in memory. */
export interface Clients {
  readonly documents: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly ses: SESClient;
  readonly queueUrls: Readonly<Record<QueueName, string>>;
}

const NOWHERE = localClientOptions('http://127.0.0.1:1');

/** Headers that services in memory ignore. A call without them takes half the time. */
const UNREAD = [
  'httpSigningMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'loggerMiddleware',
  'recursionDetectionMiddleware',
];

export function createClients(wire: Wire, { dynamodb, queues, account }: Services): Clients {
  const documents = createDocumentClient(NOWHERE);
  answerRequests(documents, ({ target = '', body }) => callDynamoDb(wire, dynamodb, target, body));
  const sqs = createSqsClient(NOWHERE);
  answerRequests(sqs, ({ body }) => callSqs(wire, queues, body));
  const ses = createSesClient(NOWHERE);
  answerRequests(ses, ({ body }) => callSes(wire, account, body));
  for (const { middlewareStack } of [documents, sqs, ses]) {
    for (const name of UNREAD) middlewareStack.remove(name);
  }
  // Virtual time may pass during a turn of the event loop, so no mail waits for one.
  ses.middlewareStack.remove('nextTurn');
  return { documents, sqs, ses, queueUrls };
}
