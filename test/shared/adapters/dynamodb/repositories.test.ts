import { afterAll } from '@jest/globals';
import { type LocalDynamoDb, startDynamoDb } from '../../../../local/emulators/dynamodb.ts';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../../local/repositories.ts';
import { describeRepositories } from '../../../contracts/repositories.ts';

let dynamoDb: LocalDynamoDb | undefined;

afterAll(() => dynamoDb?.close());

describeRepositories('DynamoDB', async () => {
  dynamoDb = await startDynamoDb();
  const clock = createManualClock('2026-01-05T08:00:00.000Z');
  return openRepositories(dynamoDb.documents, localTables, clock);
});
