import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { describeRepositories } from '../../contracts/repositories.ts';
import { createMemoryDynamoDb } from './memory-dynamodb.ts';
import { openDocuments } from './open-documents.ts';

describeRepositories('memory DynamoDB', async () => {
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  return openRepositories(documents, localTables, createManualClock('2026-01-05T08:00:00.000Z'));
});

test('requests are charged by the size of their items, as on AWS', async () => {
  const dynamodb = createMemoryDynamoDb(localTables);
  const documents = openDocuments(dynamodb);
  const TableName = localTables.papers;
  const [first, second] = ['a', 'b'].map((sk) => ({ pk: 'p', sk, text: 'x'.repeat(2500) }));
  const put = (Item: Record<string, unknown> | undefined) =>
    documents.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
  const query = {
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': 'p' },
  };

  await put(first);
  await put(second);
  await expect(put(first)).rejects.toThrow('The conditional request failed');
  expect(dynamodb.units('papers')).toEqual({ reads: 0, writes: 9 });
  await documents.send(new QueryCommand(query));
  await documents.send(new QueryCommand({ ...query, ConsistentRead: true }));
  await documents.send(new GetCommand({ TableName, Key: { pk: 'p', sk: 'none' } }));
  expect(dynamodb.units('papers')).toEqual({ reads: 1 + 2 + 0.5, writes: 9 });
  await documents.send(new DeleteCommand({ TableName, Key: { pk: 'p', sk: 'a' } }));
  expect(dynamodb.units('papers').writes).toBe(12);
});

test('an index is charged for each entry that a write changes', async () => {
  const dynamodb = createMemoryDynamoDb(localTables);
  const documents = openDocuments(dynamodb);
  const TableName = localTables.subscribers;
  const write = async (cohort: string | undefined, text: string) => {
    const before = dynamodb.units('subscribers').writes;
    await documents.send(
      new PutCommand({ TableName, Item: { pk: 'p', sk: 's', text, ...(cohort && { dailyCohort: cohort }) } }),
    );
    return dynamodb.units('subscribers').writes - before;
  };

  expect(await write('a', '1')).toBe(2);
  expect(await write('a', '2')).toBe(1);
  expect(await write('b', '2')).toBe(3);
  expect(await write(undefined, '2')).toBe(2);
});
