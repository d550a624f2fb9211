import { setImmediate } from 'node:timers/promises';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, jest, test } from '@jest/globals';
import { AbstractLevel } from 'abstract-level';
import { startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { localTables } from '../../../local/repositories.ts';

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
