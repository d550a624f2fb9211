import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { describeRepositories } from '../../contracts/repositories.ts';
import { createMemoryDynamoDb } from './memory-dynamodb.ts';
import { openDocuments } from './open-documents.ts';

describeRepositories('memory DynamoDB', async () => {
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  return openRepositories(documents, localTables, createManualClock('2026-01-05T08:00:00.000Z'));
});
