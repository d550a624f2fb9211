import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { localTables, startDynamoDb } from '../../../local/emulators/dynamodb.ts';

test('an embedded DynamoDB that is closed answers what it was asked before', async () => {
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
