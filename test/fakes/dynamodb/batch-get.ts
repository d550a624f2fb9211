import { keyIn, type MemoryTable } from './memory-table.ts';
import { InvalidRequestError, UnsupportedRequestError } from './refusals.ts';
import type { BatchGetRequest } from './requests.ts';

const MAX_KEYS = 100;

/** DynamoDB leaves keys unprocessed when the items have more. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Returns the answer to a `BatchGetItem`: the existing items in the order of their keys. DynamoDB guarantees no order.
 * It leaves no key unprocessed.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export function getBatch(tableOf: (name: string) => MemoryTable, { RequestItems }: BatchGetRequest): object {
  const requests = Object.entries(RequestItems);
  const keyCount = requests.reduce((count, [, { Keys }]) => count + Keys.length, 0);
  if (keyCount < 1 || keyCount > MAX_KEYS) {
    throw new InvalidRequestError(`${keyCount} keys: there must be between 1 and ${MAX_KEYS}`);
  }
  let bytes = 0;
  const found = requests.map(([name, { Keys, ConsistentRead }]) => {
    const table = tableOf(name);
    const keys = Keys.map(keyIn);
    if (new Set(keys.map(({ pk, sk }) => JSON.stringify([pk, sk]))).size < keys.length) {
      throw new InvalidRequestError('Provided list of item keys contains duplicates');
    }
    const entries = keys.flatMap((key) => {
      const entry = table.get(key);
      table.meter.read(entry?.bytes ?? 0, ConsistentRead);
      return entry ?? [];
    });
    bytes = entries.reduce((sum, entry) => sum + entry.bytes, bytes);
    return [name, entries.map(({ attributes }) => attributes)] as const;
  });
  if (bytes > MAX_BYTES)
    throw new UnsupportedRequestError(`${bytes} bytes are more than one answer has on AWS`);
  return { Responses: Object.fromEntries(found), UnprocessedKeys: {} };
}
