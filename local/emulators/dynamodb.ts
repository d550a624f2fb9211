import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  type AttributeDefinition,
  CreateTableCommand,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { cohortIndexes, TABLE_KEY, type TableName, tableNames } from '../../shared/table-schema.ts';
import { LOOPBACK, localClientOptions } from './loopback.ts';

/** A running DynamoDB with the three tables in it. */
export interface LocalDynamoDb {
  readonly documents: DynamoDBDocumentClient;
  close(): Promise<void>;
}

/** The tables' names on one machine. */
export const localTables: Readonly<Record<TableName, string>> = {
  papers: 'broadsheet-papers',
  subscribers: 'broadsheet-subscribers',
  deliveries: 'broadsheet-deliveries',
};

/** Starts an embedded DynamoDB on a free port; its tables live in `folder`, or in memory without one. */
export async function startDynamoDb(folder?: string): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0, ...(folder === undefined ? {} : { path: folder }) });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const documents = createDocumentClient(localClientOptions(`http://${LOOPBACK}:${port}`));
  for (const name of tableNames) await createTable(documents, name);
  return {
    documents,
    async close() {
      documents.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function createTable(documents: DynamoDBDocumentClient, name: TableName): Promise<void> {
  const indexes = name === 'subscribers' ? Object.values(cohortIndexes) : [];
  const attributes = [TABLE_KEY.partition, TABLE_KEY.sort, ...indexes.map(({ attribute }) => attribute)];
  try {
    await documents.send(
      new CreateTableCommand({
        TableName: localTables[name],
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes.map(
          (AttributeName): AttributeDefinition => ({ AttributeName, AttributeType: 'S' }),
        ),
        KeySchema: [
          { AttributeName: TABLE_KEY.partition, KeyType: 'HASH' },
          { AttributeName: TABLE_KEY.sort, KeyType: 'RANGE' },
        ],
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map((index) => ({
            IndexName: index.name,
            KeySchema: [
              { AttributeName: index.attribute, KeyType: 'HASH' as const },
              { AttributeName: TABLE_KEY.partition, KeyType: 'RANGE' as const },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' as const },
          })),
        }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}
