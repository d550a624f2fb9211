import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetSendQuotaCommand } from '@aws-sdk/client-ses';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type LoopbackServer,
  listenOnLoopback,
  localClientOptions,
} from '../../../local/emulators/loopback.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { type ClientOptions, withTimeLimits } from '../../../shared/adapters/client-options.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../../shared/adapters/secrets/keyring.ts';
import { createSesClient } from '../../../shared/adapters/ses/mailer.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { type SendPorts, sendBatch } from '../../../shared/pipeline/sending/send-batch.ts';
import type { DigestsMessage } from '../../../shared/ports/queues.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../fakes/dynamodb/open-documents.ts';
import { openListDays } from '../../fakes/list-days.ts';
import { createFakeMailer, createFakeTelemetry } from '../../fakes/outside.ts';
import { answerRequests, createResponse, type FakeResponse } from '../../fakes/request-handler.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../fakes/sending.ts';

/** The part of an SDK client that the test reads: the settings of its HTTP handler. */
interface Client {
  readonly config: {
    readonly requestHandler: { readonly handle: unknown; readonly httpHandlerConfigs?: () => object };
  };
}

/** A call by each kind of client, and the client. */
const clients: Readonly<Record<string, (options: ClientOptions) => readonly [Promise<unknown>, Client]>> = {
  DynamoDB: (options) => {
    const client = createDocumentClient(options);
    return [client.send(new GetCommand({ TableName: 'papers', Key: { pk: 'a', sk: 'b' } })), client];
  },
  SQS: (options) => {
    const client = createSqsClient(options);
    return [client.send(new ReceiveMessageCommand({ QueueUrl: options.endpoint })), client];
  },
  SES: (options) => {
    const client = createSesClient(options);
    return [client.send(new GetSendQuotaCommand({})), client];
  },
  'Secrets Manager': (options) => {
    const client = createSecretsClient(options);
    return [client.send(new GetSecretValueCommand({ SecretId: 'a' })), client];
  },
};

/** Calls that their caller may put off fail as `UnavailableError`. */
const expectedNameOf = (service: string) =>
  service === 'DynamoDB' || service === 'Secrets Manager' ? 'UnavailableError' : 'TimeoutError';

let server: LoopbackServer;
let url: string;

beforeAll(async () => {
  server = await listenOnLoopback(() => {});
  url = server.url;
});

afterAll(() => server.close());

test.each(Object.entries(clients))(
  'a call to %s that is never answered fails after the time that its client was given, and no other',
  async (service, open) => {
    const timeLimits = { connectionTimeout: 300_000, requestTimeout: 20 };

    const [call, client] = open({ ...localClientOptions(url), timeLimits });

    await expect(call).rejects.toMatchObject({ name: expectedNameOf(service) });
    expect(client.config.requestHandler.httpHandlerConfigs?.()).toMatchObject(timeLimits);
  },
);

test('a client of an emulator waits for minutes, because the machine may be busy', () => {
  const { connectionTimeout = 0, requestTimeout = 0 } = localClientOptions(url).timeLimits ?? {};

  expect(Math.min(connectionTimeout, requestTimeout)).toBeGreaterThanOrEqual(60_000);
});

describe('while the tables do not answer', () => {
  // A fault lasts as long as the outage, so the waits of the SDK between its attempts would only cost time.
  beforeAll(() => {
    process.env.AWS_MAX_ATTEMPTS = '1';
  });
  afterAll(() => {
    delete process.env.AWS_MAX_ATTEMPTS;
  });

  const NOW = '2026-01-05T08:00:00.000Z';
  const EDITION = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;
  const failWith = (name: string, code?: string) => () => {
    throw Object.assign(new Error('the call failed'), { name, code });
  };
  const answerWith = (status: number, type: string) => () =>
    createResponse(status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'not now' });

  /** A batch of one reader on tables that answer a kind of call with `fault` as long as they are out. */
  const openBatch = async (operation: string, fault: () => FakeResponse) => {
    const clock = createManualClock(NOW);
    const database = createMemoryDynamoDb(localTables);
    const documents = openDocuments(database);
    const outage = { isOver: true };
    answerRequests(documents, (request, _, forward) =>
      !outage.isOver && request.target?.endsWith(`.${operation}`) ? fault() : forward(),
    );
    const telemetry = createFakeTelemetry();
    const repositories = openRepositories(documents, localTables, clock, telemetry);
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    await repositories.editions.saveBatch(EDITION, 0, ['a']);
    await repositories.papers.save(createFacts({ id: '2601.00001' }), NOW);
    await repositories.listings.save(
      createListing({ list: 'hf-daily', day: '2026-01-05', paperId: '2601.00001', firstSeenAt: NOW }),
    );
    const queued: { readonly message: DigestsMessage; readonly delaySec: number | undefined }[] = [];
    const mailer = createFakeMailer();
    const ports: SendPorts = {
      ...repositories,
      lists: ['hf-daily'],
      listDays: openListDays(repositories, clock),
      compose: async ({ subscriber, sections }) => {
        const paperIds = sections.flatMap(({ matches }) => matches.map(({ paper }) => paper.id));
        return { from: 'd@example.org', to: subscriber.address, raw: '', tags: {}, paperIds };
      },
      mailer,
      rateLimiter: createFakeSendRateLimiter(),
      meter: createFakeMeter(),
      digestsQueue: {
        enqueue: async (messages, delaySec) => {
          queued.push(...messages.map((message) => ({ message, delaySec })));
          return [];
        },
      },
      whenUncertain: 'at-most-once',
      clock,
      telemetry,
    };
    const message = { edition: EDITION, batch: 0, subscriberIds: ['a'], queuedAt: NOW };
    return { clock, outage, queued, mailer, message, send: () => sendBatch(ports, message) };
  };

  test.each([
    ['a time-out', failWith('TimeoutError')],
    ['a connection that breaks', failWith('Error', 'ECONNRESET')],
    ['an error of the service', answerWith(500, 'InternalServerError')],
    ['throttling', answerWith(400, 'ProvisionedThroughputExceededException')],
  ])('%s in any call puts the batch off for five minutes', async (_, fault) => {
    const operations = ['GetItem', 'Query', 'BatchGetItem', 'PutItem', 'UpdateItem'];
    const batches = await Promise.all(operations.map((operation) => openBatch(operation, fault)));
    for (const { outage } of batches) outage.isOver = false;

    const results = await Promise.all(batches.map(({ send }) => send()));
    expect(results.map(({ kind }) => kind)).toEqual(batches.map(() => 'put-off'));
    expect(batches.map(({ queued }) => queued)).toEqual(
      batches.map(({ message }) => [{ message, delaySec: 300 }]),
    );

    for (const { outage, clock } of batches) {
      outage.isOver = true;
      clock.moveBy(15 * 60_000);
    }
    const ends = await Promise.all(batches.map(({ send }) => send()));
    // Updates fail after the mail went out. So the outcome is unknown, and no subscriber is mailed twice.
    expect(ends).toEqual(
      operations.map((operation) => ({
        kind: 'done',
        counts: operation === 'UpdateItem' ? { uncertain: 1 } : { sent: 1 },
      })),
    );
    expect(batches.map(({ mailer }) => mailer.sent.length)).toEqual(operations.map(() => 1));
  });

  test('a record that cannot be written for another reason makes the message fail', async () => {
    const { outage, queued, send } = await openBatch('PutItem', answerWith(400, 'ValidationException'));
    outage.isOver = false;

    expect(await send()).toMatchObject({ kind: 'retry' });
    expect(queued).toEqual([]);
  });
});

test('a client without limits gets those of its service', () => {
  const ofService = { connectionTimeout: 1_000, requestTimeout: 5_000 };
  const given = { connectionTimeout: 2, requestTimeout: 3 };

  const { requestHandler, ...options } = withTimeLimits({ region: 'eu-west-1' }, ofService);
  expect(options).toEqual({ region: 'eu-west-1' });
  expect(requestHandler.httpHandlerConfigs()).toEqual(ofService);
  expect(withTimeLimits({ timeLimits: given }, ofService).requestHandler.httpHandlerConfigs()).toEqual(given);
});
