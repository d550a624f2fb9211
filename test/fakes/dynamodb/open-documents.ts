import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LocalDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { localTables } from '../../../local/repositories.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { answerRequests } from '../request-handler.ts';
import { createMemoryDynamoDb, type MemoryDynamoDb } from './memory-dynamodb.ts';

/** Opens the three tables in memory with a real client. It takes a third of the time of the embedded DynamoDB. */
export async function openMemoryDynamoDb(): Promise<LocalDynamoDb> {
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  return { documents, close: async () => documents.destroy() };
}

/** Returns a real client whose requests a memory database answers. It sends nothing to its endpoint. */
export function openDocuments({ answer }: Pick<MemoryDynamoDb, 'answer'>): DynamoDBDocumentClient {
  const documents = createDocumentClient(localClientOptions('http://127.0.0.1:1'));
  answerRequests(documents, ({ target = '', body }) => ({
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    ...toBytes(answer(target, body)),
  }));
  return documents;
}

function toBytes({ statusCode, body }: ReturnType<MemoryDynamoDb['answer']>) {
  return { statusCode, body: new TextEncoder().encode(body) };
}
