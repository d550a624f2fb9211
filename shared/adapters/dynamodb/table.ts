import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import type { ClientOptions } from '../client-options.ts';
import { systemTimer } from '../system-timer.ts';
import { TIME_LIMITS } from '../time-limits.ts';

/** One table and the client that reaches it. */
export interface Table {
  readonly documents: DynamoDBDocumentClient;
  readonly name: string;
}

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

type Item = Record<string, unknown>;

const MAX_KEYS_PER_BATCH_GET = 100;
const MAX_BATCH_GET_ROUNDS = 6;
const FIRST_BACK_OFF_MS = 25;

/** A client that speaks in plain objects; attributes that are undefined are left out. */
export function createDocumentClient(options: ClientOptions = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ ...options, requestHandler: TIME_LIMITS });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/**
 * An item as its schema describes it.
 *
 * @throws Error that names the item and what is wrong with it, but none of its values, which may be an address
 */
export function parseItem<Schema extends z.ZodType>(schema: Schema, item: Item): z.infer<Schema> {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`the item ${item.pk} / ${item.sk} does not fit its schema: ${faults.join('; ')}`);
}

/** All items that a query finds, over as many pages as it takes. */
export async function queryAll(
  table: Table,
  input: Omit<QueryCommandInput, 'TableName'>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of paginateQuery({ client: table.documents }, { ...input, TableName: table.name })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}

/**
 * The items of these keys, in no certain order; missing ones are left out. Keys that a throttled table leaves
 * unprocessed are asked for again, after a wait that doubles.
 *
 * @throws Error when some are still unprocessed after several rounds
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html (100 keys a call)
 */
export async function batchGetAll(table: Table, keys: readonly ItemKey[]): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let from = 0; from < keys.length; from += MAX_KEYS_PER_BATCH_GET) {
    items.push(...(await batchGet(table, keys.slice(from, from + MAX_KEYS_PER_BATCH_GET))));
  }
  return items;
}

async function batchGet(table: Table, keys: readonly ItemKey[]): Promise<readonly Item[]> {
  const items: Item[] = [];
  let pending: readonly Item[] = keys.map((key) => ({ ...key }));
  for (let round = 0; pending.length > 0; round += 1) {
    if (round === MAX_BATCH_GET_ROUNDS) {
      throw new Error(
        `${table.name}: ${pending.length} of ${keys.length} keys were left unprocessed ${round} times`,
      );
    }
    if (round > 0) await systemTimer.wait(FIRST_BACK_OFF_MS * 2 ** (round - 1));
    const answer = await table.documents.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: [...pending] } } }),
    );
    items.push(...(answer.Responses?.[table.name] ?? []));
    pending = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return items;
}
