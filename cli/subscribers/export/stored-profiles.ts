import { type Item, readItem, UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { batchGetAll, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import { type Subscriber, storedSubscriberSchema } from '../../../shared/domain/subscriber.ts';
import { permitted } from '../../deployment/aws-call.ts';
import { scanPages } from '../../deployment/table-reads.ts';

/** A profile as it stands in its table. */
export type StoredProfile =
  | { readonly subscriber: Subscriber; readonly fault?: undefined }
  /** One that cannot be read. The fault names its key and no address. */
  | { readonly subscriber?: undefined; readonly fault: string };

/** The profiles of a deployment. */
export interface StoredProfiles {
  /** Every profile, in no certain order; those after an id in that order. It reads page by page. */
  loadAll(after?: Subscriber['id']): AsyncIterable<StoredProfile>;
  /** The profiles of these ids. An unknown id is left out. A profile that was saved within the last second may be missing. */
  loadMany(ids: readonly Subscriber['id'][]): Promise<ReadonlyMap<Subscriber['id'], StoredProfile>>;
}

const KEY_PREFIX = 'SUB#';
const SORT_KEY = 'PROFILE';

/** The profiles in the `Subscribers` table, which holds other items too. */
export function createStoredProfiles(table: Table): StoredProfiles {
  return {
    async *loadAll(after) {
      const pages = scanPages(table, {
        FilterExpression: 'sk = :profile',
        ExpressionAttributeValues: { ':profile': SORT_KEY },
        ConsistentRead: true,
        ...(after !== undefined && { ExclusiveStartKey: keyOf(after) }),
      });
      for await (const { items } of pages) yield* items.map((item) => toStoredProfile(table, item));
    },

    async loadMany(ids) {
      const keys = ids.map(keyOf);
      const items = await permitted('dynamodb:BatchGetItem', () => batchGetAll(table, keys));
      return new Map(
        items.map((item) => [String(item.pk).slice(KEY_PREFIX.length), toStoredProfile(table, item)]),
      );
    },
  };
}

function keyOf(id: Subscriber['id']) {
  return { pk: `${KEY_PREFIX}${id}`, sk: SORT_KEY };
}

function toStoredProfile(table: Table, item: Item): StoredProfile {
  try {
    return { subscriber: readItem(table, storedSubscriberSchema, item) };
  } catch (error) {
    if (!(error instanceof UnreadableItemError)) throw error;
    return { fault: error.message };
  }
}
