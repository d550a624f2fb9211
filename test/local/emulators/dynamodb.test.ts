import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CreateTableCommand, DeleteTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, jest, test } from '@jest/globals';
import { AbstractLevel } from 'abstract-level';
import { ClassicLevel } from 'classic-level';
import { startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { tableNames } from '../../../shared/adapters/dynamodb/table-schema.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

test('an embedded DynamoDB answers the requests in flight before it closes', async () => {
  const { documents, close } = await startDynamoDb();
  const put = (n: number) =>
    documents.send(new PutCommand({ TableName: localTables.papers, Item: { pk: `P#${n}`, sk: 'PAPER' } }));
  const inTime = Array.from({ length: 30 }, (_, n) => put(n));
  await inTime[0];

  const late = Array.from({ length: 30 }, (_, n) => put(100 + n).catch(() => 'refused'));
  await close();

  expect(await Promise.all(inTime)).toHaveLength(30);
  expect(await Promise.all(late)).toHaveLength(30);
});

const papersOf = (pk: string) => ({
  TableName: localTables.papers,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': pk },
});

test.each([
  ['a query', (documents: DynamoDBDocumentClient) => documents.send(new QueryCommand(papersOf('P')))],
  [
    'a query that stops early',
    (documents: DynamoDBDocumentClient) => documents.send(new QueryCommand({ ...papersOf('P'), Limit: 1 })),
  ],
  [
    'a query that finds nothing',
    (documents: DynamoDBDocumentClient) => documents.send(new QueryCommand(papersOf('Q'))),
  ],
  [
    'a scan',
    (documents: DynamoDBDocumentClient) => documents.send(new ScanCommand({ TableName: localTables.papers })),
  ],
])('%s leaves no iterator of the store open', async (_, read) => {
  const { documents, close } = await startDynamoDb();
  for (const sk of ['A', 'B', 'C'])
    await documents.send(new PutCommand({ TableName: localTables.papers, Item: { pk: 'P', sk } }));
  const opened = jest.spyOn(AbstractLevel.prototype, 'attachResource');
  const closed = jest.spyOn(AbstractLevel.prototype, 'detachResource');

  for (let n = 0; n < 5; n += 1) await read(documents);
  // The store closes an iterator a few turns of the event loop after its answer.
  for (let turn = 0; turn < 1_000 && closed.mock.calls.length < opened.mock.calls.length; turn += 1)
    await setImmediate();

  expect(opened.mock.calls.length).toBeGreaterThanOrEqual(5);
  expect(closed.mock.calls).toHaveLength(opened.mock.calls.length);
  await close();
});

/** Replaces the table of subscribers by one without indexes, as an earlier release had created it. */
async function createOldTable(documents: DynamoDBDocumentClient, TableName: string): Promise<void> {
  await documents.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}

const putSubscriber = async (documents: DynamoDBDocumentClient, TableName: string, id: string) => {
  const subscriptions = [createSubscription({ cadence: 'instant', lists: ['hf-daily'] })];
  const profile = { ...createSubscriber({ id, subscriptions }), version: 1 };
  const cohort = { instantCohort: 'instant', instantLists: ['hf-daily'] };
  const Item = { pk: `SUB#${id}`, sk: 'PROFILE', ...profile, ...cohort };
  await documents.send(new PutCommand({ TableName, Item }));
};

/** Repeats a step until dynalite accepts it: a table is not ready immediately after it was created or deleted. */
async function untilDone(step: () => Promise<unknown>): Promise<void> {
  const isDone = () =>
    step().then(
      () => true,
      () => false,
    );
  while (!(await isDone())) await setImmediate();
}

test('a table that lacks an index is replaced by one with all indexes, and keeps its items', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-'));
  const name = localTables.subscribers;
  const earlier = await startDynamoDb(folder);
  await earlier.documents.send(new DeleteTableCommand({ TableName: name }));
  await untilDone(() => createOldTable(earlier.documents, name));
  for (const id of ['a', 'b']) await untilDone(() => putSubscriber(earlier.documents, name, id));
  await earlier.close();

  const { documents, close } = await startDynamoDb(folder);
  const repositories = openRepositories(documents, localTables, systemClock);
  expect(await repositories.cohorts.loadFollowers(['hf-daily'], undefined, 10)).toEqual({ ids: ['a', 'b'] });
  expect((await repositories.subscribers.load('a'))?.version).toBe(1);

  await close();
  await rm(folder, { recursive: true });
});

test.each<[string, { readonly inTable?: string; readonly isRepaired?: boolean }]>([
  ['while the table was gone', {}],
  ['while the table of a repair was gone', { isRepaired: true }],
  ['while the table of a repair had some items back', { inTable: 'a', isRepaired: true }],
  ['while it deleted the table', { inTable: 'b' }],
])('a start completes the replacement of a start that died %s', async (_, { inTable, isRepaired }) => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-'));
  const name = localTables.subscribers;
  const died = await startDynamoDb(folder);
  await createOldTable(died.documents, `${name}-copy`);
  for (const id of ['a', 'b']) await untilDone(() => putSubscriber(died.documents, `${name}-copy`, id));
  await died.documents.send(new DeleteTableCommand({ TableName: name }));
  await untilDone(() =>
    died.documents.send(new DescribeTableCommand({ TableName: name })).then(
      () => Promise.reject(new Error('the table is still there')),
      () => {},
    ),
  );
  if (inTable !== undefined) {
    await untilDone(() => createOldTable(died.documents, name));
    await untilDone(() => putSubscriber(died.documents, name, inTable));
  }
  await died.close();
  if (isRepaired) await writeFile(join(folder, 'repair-has-not-ended'), '');

  const { documents, close } = await startDynamoDb(folder);
  const repositories = openRepositories(documents, localTables, systemClock);
  expect(await repositories.cohorts.loadFollowers(['hf-daily'], undefined, 10)).toEqual({ ids: ['a', 'b'] });
  await expect(documents.send(new DescribeTableCommand({ TableName: `${name}-copy` }))).rejects.toThrow(
    'not found',
  );

  await close();
  await rm(folder, { recursive: true });
});

/** Stores a table as a process that was killed leaves it while it creates or deletes the table. */
async function interrupt(folder: string, name: string, TableStatus: 'CREATING' | 'DELETING'): Promise<void> {
  const store = new ClassicLevel<string, object>(folder, { valueEncoding: 'json' });
  const table = await store.get(`table~${name}`);
  expect(table).toBeDefined();
  await store.put(`table~${name}`, { ...table, TableStatus });
  await store.close();
}

test.each(tableNames)('a start creates the table "%s" that a killed start began to create', async (role) => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-'));
  const names = Object.values(localTables);
  const killed = await startDynamoDb(folder);
  for (const TableName of names)
    await killed.documents.send(new PutCommand({ TableName, Item: { pk: 'P', sk: 'BEFORE' } }));
  await killed.close();
  await interrupt(folder, localTables[role], 'CREATING');

  const { documents, close } = await startDynamoDb(folder);
  await documents.send(new PutCommand({ TableName: localTables[role], Item: { pk: 'P', sk: 'AFTER' } }));
  for (const TableName of names) {
    const { Items } = await documents.send(new ScanCommand({ TableName }));
    expect(Items).toContainEqual({ pk: 'P', sk: 'BEFORE' });
  }

  await close();
  await rm(folder, { recursive: true });
});

test.each([
  ['began to copy it', 'copy', 'CREATING'],
  ['began to delete it', 'table', 'DELETING'],
  ['began to create it again', 'table', 'CREATING'],
  ['began to delete its copy', 'copy', 'DELETING'],
] as const)('a start replaces a table after a start that was killed when it %s', async (_, which, status) => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-'));
  const table = localTables.subscribers;
  const copy = `${table}-copy`;
  const [half, whole] = which === 'copy' ? [copy, table] : [table, copy];
  const killed = await startDynamoDb(folder);
  await createOldTable(killed.documents, copy);
  for (const id of ['a', 'b']) await untilDone(() => putSubscriber(killed.documents, whole, id));
  await killed.close();
  await interrupt(folder, half, status);

  const { documents, close } = await startDynamoDb(folder);
  const repositories = openRepositories(documents, localTables, systemClock);
  expect(await repositories.cohorts.loadFollowers(['hf-daily'], undefined, 10)).toEqual({ ids: ['a', 'b'] });
  await expect(documents.send(new DescribeTableCommand({ TableName: copy }))).rejects.toThrow('not found');

  await close();
  await rm(folder, { recursive: true });
});
