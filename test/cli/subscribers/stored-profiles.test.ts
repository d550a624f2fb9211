import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createStoredProfiles } from '../../../cli/subscribers/open-subscribers.ts';
import type { LocalDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables } from '../../../local/repositories.ts';
import { createSubscriberRepository } from '../../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createDocumentClient, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { openMemoryDynamoDb } from '../../fakes/dynamodb/open-documents.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';
import { collect } from './text-file.ts';

let dynamoDb: LocalDynamoDb;
let table: Table;

beforeAll(async () => {
  dynamoDb = await openMemoryDynamoDb();
  table = { documents: dynamoDb.documents, name: localTables.subscribers };
});

afterAll(() => dynamoDb.close());

test('finds every profile among other items, over all pages', async () => {
  const repository = createSubscriberRepository(table, createManualClock('2026-01-05T08:00:00.000Z'), 365);
  const statuses = ['confirmed', 'paused', 'unsubscribed', 'bounced'] as const;
  const saved: Subscriber[] = [];
  // Texts that make up more than the megabyte of a page.
  for (const [n, status] of Array.from({ length: 10 }, () => statuses)
    .flat()
    .entries()) {
    const consent = { at: '2026-01-01T00:00:00.000Z', from: 'a page', text: 'x'.repeat(40_000) };
    saved.push(await repository.save(createSubscriber({ id: `subscriber-${n}`, status, consent })));
  }
  await table.documents.send(
    new PutCommand({ TableName: table.name, Item: { pk: 'LIMIT#mailbox#a', sk: 'MAIL', unanswered: 1 } }),
  );

  const found = await collect(createStoredProfiles(table).loadAll());

  const byId = (a: Subscriber, b: Subscriber) => a.id.localeCompare(b.id);
  expect(found.flatMap(({ subscriber }) => subscriber ?? []).sort(byId)).toEqual(saved.sort(byId));
  expect(found).toHaveLength(40);
});

test('looks up profiles by id, and leaves out unknown ids', async () => {
  const found = await createStoredProfiles(table).loadMany(['subscriber-3', 'nobody', 'subscriber-7']);

  expect([...found].map(([id, { subscriber }]) => [id, subscriber?.id]).sort()).toEqual([
    ['subscriber-3', 'subscriber-3'],
    ['subscriber-7', 'subscriber-7'],
  ]);
  expect(await createStoredProfiles(table).loadMany([])).toEqual(new Map());
});

test('reports an invalid profile without its address', async () => {
  const item = { pk: 'SUB#broken', sk: 'PROFILE', id: 'broken', address: 'bob@nowhere', status: 'gone' };
  await table.documents.send(new PutCommand({ TableName: table.name, Item: item }));

  const found = await collect(createStoredProfiles(table).loadAll());

  const faults = found.flatMap(({ fault }) => fault ?? []);
  expect(faults).toEqual([
    expect.stringMatching(/^the item SUB#broken \/ PROFILE does not fit its schema: /),
  ]);
  expect(faults[0]).not.toContain('bob@nowhere');
  expect((await createStoredProfiles(table).loadMany(['broken'])).get('broken')).toEqual({
    fault: faults[0],
  });
  expect(found).toHaveLength(41);
});

test('names a missing permission', async () => {
  const documents = createDocumentClient(localClientOptions('http://127.0.0.1:1'));
  answerRequests(documents, () => createResponse(400, { __type: 'AccessDeniedException', message: 'no' }));

  const scan = collect(createStoredProfiles({ documents, name: 'subscribers' }).loadAll());

  await expect(scan).rejects.toMatchObject({ name: 'PermissionError', permission: 'dynamodb:Scan' });
});
