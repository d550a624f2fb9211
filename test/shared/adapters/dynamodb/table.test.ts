import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type LocalDynamoDb, startDynamoDb } from '../../../../local/emulators/dynamodb.ts';
import { localClientOptions } from '../../../../local/emulators/loopback.ts';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../../local/repositories.ts';
import { createDeliveryRepository } from '../../../../shared/adapters/dynamodb/delivery-repository.ts';
import {
  batchGetAll,
  createDocumentClient,
  queryAll,
  type Table,
} from '../../../../shared/adapters/dynamodb/table.ts';
import type { DeliveryKey } from '../../../../shared/domain/digests/delivery.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { type AnswerRequest, answerRequests, createResponse } from '../../../fakes/request-handler.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const clock = createManualClock(NOW);
let dynamoDb: LocalDynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.close());

/** Where the running store listens. */
const findEndpoint = async (): Promise<string> => {
  const endpoint = await dynamoDb.documents.config.endpoint?.();
  if (!endpoint) throw new Error('the client of the emulator has no endpoint');
  return `${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}`;
};

/** A table of the running store with a separate client. The test answers the requests of the client. */
const openTable = async (name: string, answer: AnswerRequest) => {
  const documents = createDocumentClient(localClientOptions(await findEndpoint()));
  return { table: { documents, name } satisfies Table, requests: answerRequests(documents, answer) };
};

describe('loading many items', () => {
  const requestSchema = z.object({
    RequestItems: z.object({
      papers: z.object({ Keys: z.array(z.object({ pk: z.object({ S: z.string() }) }).loose()) }),
    }),
  });
  const keysIn = (body: string) => requestSchema.parse(JSON.parse(body)).RequestItems.papers.Keys;
  const range = (count: number) => Array.from({ length: count }, (_, n) => ({ pk: `P#${n}`, sk: 'PAPER' }));
  /** Answers the first keys of each request, `answeredAtOnce` of them, and leaves the others unprocessed. */
  const answerSome =
    (answeredAtOnce: number): AnswerRequest =>
    ({ body }) => {
      const keys = keysIn(body);
      const left = keys.slice(answeredAtOnce);
      return createResponse(200, {
        Responses: { papers: keys.slice(0, answeredAtOnce) },
        UnprocessedKeys: left.length > 0 ? { papers: { Keys: left } } : {},
      });
    };

  test('retries the keys that were left unprocessed', async () => {
    const { table, requests } = await openTable('papers', answerSome(4));

    const items = await batchGetAll(table, range(10));

    expect(items).toEqual(range(10));
    expect(requests.map(({ body }) => keysIn(body).length)).toEqual([10, 6, 2]);
  });

  test('requests at most 100 keys in a call', async () => {
    const { table, requests } = await openTable('papers', answerSome(100));

    const items = await batchGetAll(table, range(205));

    expect(items).toEqual(range(205));
    expect(requests.map(({ body }) => keysIn(body).length)).toEqual([100, 100, 5]);
  });

  test('fails if the table keeps leaving keys unprocessed, and says how many', async () => {
    const { table, requests } = await openTable('papers', answerSome(0));

    await expect(batchGetAll(table, range(3))).rejects.toThrow(
      'papers: 3 of 3 keys were left unprocessed 6 times',
    );

    expect(requests).toHaveLength(6);
  });
});

test('a query returns the items of all pages', async () => {
  const { table, requests } = await openTable(localTables.papers, (_request, _n, forward) => forward());
  const items = Array.from({ length: 7 }, (_, n) => ({ pk: 'PAGES', sk: String(n) }));
  for (const Item of items) await dynamoDb.documents.send(new PutCommand({ TableName: table.name, Item }));

  const found = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': 'PAGES' },
    Limit: 3,
  });

  expect(found).toEqual(items);
  expect(requests).toHaveLength(3);
});

describe('a claim over a bad connection', () => {
  const KEY = { subscriberId: 'a', cadence: 'daily', period: '2026-01-05' } as const;
  const EDITION = {
    cadence: 'daily',
    period: '2026-01-05',
    cohort: 'daily#Europe/Berlin#08',
    batch: 0,
  } as const;
  const openLedger = async (answer: AnswerRequest) => {
    const { table, requests } = await openTable(localTables.deliveries, answer);
    const ledger = createDeliveryRepository(table, clock);
    return { claim: (key: DeliveryKey) => ledger.claim(key, EDITION, ['2601.00001'], NOW), requests };
  };
  const putsOf = (requests: readonly { target: string | undefined }[]) =>
    requests.filter(({ target }) => target?.endsWith('.PutItem')).length;

  test.each([
    ['a 500', () => createResponse(500, { __type: 'InternalServerError' })],
    [
      'a reset',
      (): never => {
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      },
    ],
  ])('the claim is ours if the write took effect and its answer was lost by %s', async (name, lose) => {
    const key = { ...KEY, subscriberId: `held after ${name}` };
    const { claim, requests } = await openLedger(async (_request, n, forward) => {
      const response = await forward();
      return n === 0 ? lose() : response;
    });

    expect(await claim(key)).toMatchObject(key);

    expect(putsOf(requests)).toBe(2);
    expect(await claim(key)).toBeUndefined();
  });

  test('the claim is not ours if another worker claimed while our write was lost', async () => {
    const key = { ...KEY, subscriberId: 'taken' };
    const other = await openLedger((_request, _n, forward) => forward());
    const { claim, requests } = await openLedger(async (_request, n, forward) => {
      if (n > 0) return forward();
      await other.claim(key);
      return createResponse(500, { __type: 'InternalServerError' });
    });

    expect(await claim(key)).toBeUndefined();

    expect(putsOf(requests)).toBe(2);
  });
});

test('the error about an invalid item names its key and the fault, and no address', async () => {
  const { address, ...rest } = createSubscriber({ id: 'odd' });
  const Item = { ...rest, pk: 'SUB#odd', sk: 'PROFILE', hour: 24, address: `not ${address}` };
  await dynamoDb.documents.send(new PutCommand({ TableName: localTables.subscribers, Item }));
  const { subscribers } = openRepositories(dynamoDb.documents, localTables, clock);

  const failure = await subscribers.load('odd').catch((error: unknown) => String(error));

  expect(failure).toContain('SUB#odd / PROFILE');
  expect(failure).toMatch(/\bhour\b/);
  expect(failure).toMatch(/\baddress\b/);
  expect(failure).not.toContain(address);
});
