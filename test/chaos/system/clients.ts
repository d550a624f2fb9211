import type { SESClient } from '@aws-sdk/client-ses';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSesClient } from '../../../shared/adapters/ses/mailer.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import type { QueueName } from '../../../shared/ports/queues.ts';
import type { MemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { replaceNetwork } from '../../fakes/request-handler.ts';
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
  replaceNetwork(documents, ({ target = '', body }) => callDynamoDb(wire, dynamodb, target, body));
  const sqs = createSqsClient(NOWHERE);
  replaceNetwork(sqs, ({ body }) => callSqs(wire, queues, body));
  const ses = createSesClient(NOWHERE);
  replaceNetwork(ses, ({ body }) => callSes(wire, account, body));
  for (const { middlewareStack } of [documents, sqs, ses]) {
    for (const name of UNREAD) middlewareStack.remove(name);
  }
  // Virtual time may pass during a turn of the event loop, so no mail waits for one.
  ses.middlewareStack.remove('nextTurn');
  for (const client of [documents, sqs]) prepareOnce(client);
  return { documents, sqs, ses, queueUrls };
}

/** The middleware of a client. A call joins it with that of its command and resolves it. */
interface Stack {
  concat(ofCommand: never): Stack;
  resolve(send: never, context: { readonly commandName?: string }): unknown;
  addRelativeTo(
    wrap: <Call>(call: Call) => Call,
    place: { name: string; override: boolean; relation: 'before'; toMiddleware: string },
  ): void;
  remove(name: string): boolean;
}

/**
 * Halves the time of a call. The SDK resolves the middleware for each call, because a command may have some of its own. Ours have
 * none, so the first of a kind does it for all. Calls look for no address, and inherit the configuration instead of copying it.
 * Their requests, retries, answers and errors are still those of the SDK.
 */
function prepareOnce(client: { readonly middlewareStack: Stack; readonly config: object }): void {
  const { middlewareStack, config } = client;
  const { concat } = middlewareStack;
  const handlers = new Map<string, unknown>();
  /** Returns a stack that is joined when the first call of a kind is resolved. */
  const later = (join: () => Stack): object => ({
    concat: (ofCommand: never) => later(() => join().concat(ofCommand)),
    resolve(...[send, context]: Parameters<Stack['resolve']>) {
      const { commandName = '' } = context;
      if (!handlers.has(commandName)) {
        const joined = join();
        // Others name their place by this middleware, so it cannot be removed.
        joined.addRelativeTo((call) => call, {
          name: 'endpointV2Middleware',
          override: true,
          relation: 'before',
          toMiddleware: 'serializerMiddleware',
        });
        handlers.set(commandName, joined.resolve(send, context));
      }
      return handlers.get(commandName);
    },
  });
  middlewareStack.remove('httpAuthSchemeMiddleware');
  Object.assign(middlewareStack, { concat: (ofCommand: never) => later(() => concat(ofCommand)) });
  Object.assign(client, { config: Object.create(config) });
}
