import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import {
  type AttributeDefinition,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { AbstractKeyIterator, AbstractValueIterator } from 'abstract-level';
import dynalite from 'dynalite';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import {
  type CohortIndex,
  cohortIndexes,
  TABLE_KEY,
  type TableName,
  tableNames,
} from '../../shared/adapters/dynamodb/table-schema.ts';
import { localTables } from '../repositories.ts';
import { LOOPBACK, localClientOptions } from './loopback.ts';
import { endRepair, forgetHalfCreated, repairTables } from './repair-tables.ts';

/** A running DynamoDB with the three tables. */
export interface LocalDynamoDb {
  readonly documents: DynamoDBDocumentClient;
  /** Stops it after the requests in flight. Later requests fail. */
  close(): Promise<void>;
}

/** Limits the wait, because a request with a broken connection never gets an answer. */
const MAX_CLOSING_MS = 60_000;

/**
 * dynalite 4.0.0 ends a stream by calling `return` on its iterator. The iterators of abstract-level only have `close`. Each
 * query and scan would leak an iterator: 8 KB, and a snapshot that the store cannot compact.
 */
for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
  Object.assign(prototype, { return: prototype.close });
}

/**
 * Starts an embedded DynamoDB on a free port. Its tables are in `folder`, or in memory without one. Damaged tables are repaired.
 *
 * @param report receives a line about a repair
 * @throws InvalidInputError if the folder cannot be used
 */
export async function startDynamoDb(
  folder?: string,
  report: (line: string) => void = () => {},
): Promise<LocalDynamoDb> {
  const isRepaired = folder !== undefined && (await repairTables(folder, report));
  if (folder !== undefined) await forgetHalfCreated(folder);
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    ...(folder === undefined ? {} : { path: folder }),
  });
  const inFlight = countInFlight(server);
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const documents = createDocumentClient(localClientOptions(`http://${LOOPBACK}:${port}`));
  for (const name of tableNames) await openTable(documents, name, isRepaired);
  if (isRepaired) await endRepair(folder);
  return {
    documents,
    async close() {
      // A request that finds the database closed would crash the process.
      const deadline = performance.now() + MAX_CLOSING_MS;
      while (inFlight() > 0 && performance.now() < deadline) await setImmediate();
      documents.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Returns a function that returns how many requests are in flight. */
function countInFlight(server: Server): () => number {
  let count = 0;
  server.on('request', (_, response: ServerResponse) => {
    count += 1;
    response.once('finish', () => {
      count -= 1;
    });
  });
  return () => count;
}

/**
 * Creates a table if it is not there. A table of an earlier release may lack an index, and dynalite cannot add one. A repaired table may
 * lack entries of an index. Such a table is copied, created again, and filled from the copy. A copy that is there at the start was left by
 * a process that died. Only the copy and the table together are sure to have every item, so the copy is deleted last.
 */
async function openTable(
  documents: DynamoDBDocumentClient,
  role: TableName,
  isRepaired: boolean,
): Promise<void> {
  const name = localTables[role];
  const copy = `${name}-copy`;
  const indexes = role === 'subscribers' ? Object.values(cohortIndexes) : [];
  // The one that a killed process began to delete. The other one is complete.
  for (const half of [name, copy])
    if ((await describe(documents, half))?.status === 'DELETING') await deleteTable(documents, half);
  // A repair may have lost the table and kept its items.
  if (isRepaired) await createTable(documents, name, indexes);
  const found = await describe(documents, name);
  const isIncomplete = indexes.some((index) => isRepaired || !found?.indexes.includes(index.name));
  if (found && isIncomplete) {
    await createTable(documents, copy, indexes);
    await copyItems(documents, name, copy);
    await deleteTable(documents, name);
  }
  await createTable(documents, name, indexes);
  if (!(await describe(documents, copy))) return;
  await copyItems(documents, copy, name);
  await deleteTable(documents, copy);
}

async function describe(documents: DynamoDBDocumentClient, name: string) {
  try {
    const { Table } = await documents.send(new DescribeTableCommand({ TableName: name }));
    return {
      status: Table?.TableStatus,
      indexes: Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName) ?? [],
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function copyItems(documents: DynamoDBDocumentClient, from: string, to: string): Promise<void> {
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName: from })) {
    for (const Item of Items) await documents.send(new PutCommand({ TableName: to, Item }));
  }
}

/** Deletes a table and waits until its name is free. */
async function deleteTable(documents: DynamoDBDocumentClient, name: string): Promise<void> {
  try {
    await documents.send(new DeleteTableCommand({ TableName: name }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return;
    throw error;
  }
  while (await describe(documents, name)) await setImmediate();
}

async function createTable(
  documents: DynamoDBDocumentClient,
  name: string,
  indexes: readonly CohortIndex[],
): Promise<void> {
  const attributes = [TABLE_KEY.partition, TABLE_KEY.sort, ...indexes.map(({ attribute }) => attribute)];
  try {
    await documents.send(
      new CreateTableCommand({
        TableName: name,
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
            Projection:
              index.projects === undefined
                ? { ProjectionType: 'KEYS_ONLY' as const }
                : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [index.projects] },
          })),
        }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  // A table that is being created takes no items.
  while ((await describe(documents, name))?.status === 'CREATING') await setImmediate();
}
