import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/time/time.ts';
import type { Telemetry } from '../../observability.ts';
import { type ClientOptions, TIME_LIMITS, withTimeLimits } from '../client-options.ts';
import { reportOutages } from '../outages.ts';
import { systemTimer } from '../system-clock.ts';
import { createUnreadableReport, type Item, type ItemSource } from './stored-item.ts';

/** One table and the client that reaches it. */
export interface Table extends ItemSource {
  readonly documents: DynamoDBDocumentClient;
}

/** What a function opens its tables with. */
export interface TableClients {
  readonly documents: DynamoDBDocumentClient;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}

/** A table that logs and counts items that cannot be read. */
export function openTable({ documents, ...watch }: TableClients, name: string): Table {
  return { documents, name, onUnreadable: createUnreadableReport(watch) };
}

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

const MAX_KEYS_PER_BATCH_GET = 100;
const MAX_BATCH_GET_ROUNDS = 6;
const FIRST_BACK_OFF_MS = 25;

/** A client that speaks in plain objects; attributes that are undefined are left out. Outages are `UnavailableError`s. */
export function createDocumentClient(options: ClientOptions = {}): DynamoDBDocumentClient {
  const client = reportOutages(new DynamoDBClient(withTimeLimits(options, TIME_LIMITS)));
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/**
 * Loads an item. Undefined if the table has none with this key.
 *
 * @param mayBeStale whether the answer may lack a write that ended before. It costs half as much. @default false
 */
export async function getItem(
  table: Table,
  key: ItemKey,
  { mayBeStale = false }: { readonly mayBeStale?: boolean } = {},
): Promise<Item | undefined> {
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: key, ConsistentRead: !mayBeStale }),
  );
  return Item;
}

/** Deletes an item, whatever it holds. Does nothing if the table has none with this key. */
export async function deleteItem(table: Table, key: ItemKey): Promise<void> {
  await table.documents.send(new DeleteCommand({ TableName: table.name, Key: key }));
}

/** Yields the items of a query. Reads the next page after the last item of a page. */
export async function* queryEach(
  table: Table,
  input: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Item> {
  for await (const page of paginateQuery({ client: table.documents }, { ...input, TableName: table.name })) {
    yield* page.Items ?? [];
  }
}

/** Loads all items of a query into memory. Only for queries with a known maximum of items. */
export async function queryAll(
  table: Table,
  input: Omit<QueryCommandInput, 'TableName'>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of queryEach(table, input)) items.push(item);
  return items;
}

/** Loads all items of a partition into memory. Only for partitions with a known maximum of items. */
export function queryPartition(table: Table, partition: string): Promise<readonly Item[]> {
  return queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partition },
    ConsistentRead: true,
  });
}

/**
 * Loads the items of these keys, in any order. Leaves out missing ones. Retries keys that a throttled table leaves unprocessed, with
 * exponential back-off.
 *
 * @param isConsistent whether the answer holds each write that ended before. It costs twice as much. @default false
 * @throws UnavailableError when some are still unprocessed after several rounds
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html (100 keys a call)
 */
export async function batchGetAll(
  table: Table,
  keys: readonly ItemKey[],
  isConsistent = false,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let from = 0; from < keys.length; from += MAX_KEYS_PER_BATCH_GET) {
    items.push(...(await batchGet(table, keys.slice(from, from + MAX_KEYS_PER_BATCH_GET), isConsistent)));
  }
  return items;
}

async function batchGet(
  table: Table,
  keys: readonly ItemKey[],
  isConsistent: boolean,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let pending: readonly Item[] = keys.map((key) => ({ ...key }));
  for (let round = 0; pending.length > 0; round += 1) {
    if (round === MAX_BATCH_GET_ROUNDS) {
      throw new UnavailableError(
        `${table.name}: ${pending.length} of ${keys.length} keys were left unprocessed ${round} times`,
      );
    }
    if (round > 0) await systemTimer.wait(FIRST_BACK_OFF_MS * 2 ** (round - 1));
    const answer = await table.documents.send(
      new BatchGetCommand({
        RequestItems: { [table.name]: { Keys: [...pending], ConsistentRead: isConsistent } },
      }),
    );
    items.push(...(answer.Responses?.[table.name] ?? []));
    pending = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return items;
}
