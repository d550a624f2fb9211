import type { DigestOrigin, Edition } from '../../domain/digests/cohort.ts';
import * as z from '../../domain/zod.ts';
import {
  type BatchRepository,
  type EditionBatch,
  ERASED_ID,
  OTHER_BATCH_ID,
  UNREADABLE_ID,
} from '../../ports/planning.ts';
import { updateIf } from './conditional-write.ts';
import { BATCH_PREFIX, batchKeyOf, batchNumberSchema, editionPartitionOf } from './keys.ts';
import { findItem, type Item } from './stored-item.ts';
import { getItem, queryEach, type Table } from './table.ts';

const idSchema = z.string().check(z.minLength(1));
const countsSchema = z.optional(z.record(z.string(), z.int().check(z.nonnegative())));
export const batchSchema = z.object({
  subscriberIds: z.array(idSchema),
  counts: countsSchema,
  used: z.optional(z.unknown()),
});

/** A batch. {@link UNREADABLE_ID} replaces each id that cannot be read. */
const damagedBatchSchema = z.object({
  subscriberIds: z.array(z.catch(idSchema, UNREADABLE_ID)),
  counts: z.catch(countsSchema, {}),
  used: z.optional(z.unknown()),
});

/** Returns a batch. A bad id in it costs that id. Undefined if it has no list of ids. The table reports either. */
function findBatch(table: Table, item: Item): EditionBatch | undefined {
  return findItem(table, batchSchema, item) ?? damagedBatchSchema.safeParse(item).data;
}

/** A recorded batch and its position in its edition. */
interface RecordedBatch {
  /** Undefined if its key is damaged. The table reports that. */
  readonly position: number | undefined;
  /** Undefined if it cannot be read. The table reports that. */
  readonly batch: EditionBatch | undefined;
}

/** Yields the recorded batches of an edition, in order. Reads page by page. */
export async function* queryBatches(table: Table, edition: Edition): AsyncGenerator<RecordedBatch, void> {
  const items = queryEach(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :batches)',
    ExpressionAttributeValues: { ':pk': editionPartitionOf(edition), ':batches': BATCH_PREFIX },
    ConsistentRead: true,
  });
  for await (const item of items) {
    const position = findItem(table, batchNumberSchema, item);
    yield { position, batch: position === undefined ? undefined : findBatch(table, item) };
  }
}

/** The batches of editions in the `Deliveries` table, under the keys of `keys.ts`. */
export function createBatchRepository(table: Table): BatchRepository {
  const loadBatch = async (edition: Edition, batch: number) => {
    const item = await getItem(table, batchKeyOf(edition, batch));
    return item && findBatch(table, item)?.subscriberIds;
  };

  /** Replaces a subscriber in a batch by a mark. Does nothing if the batch cannot be read or does not name the subscriber. */
  const putInPlace = async ({ batch, ...edition }: DigestOrigin, subscriberId: string, mark: string) => {
    const ids = await loadBatch(edition, batch);
    const position = ids?.indexOf(subscriberId) ?? -1;
    if (position === -1) return;
    await updateIf(
      table,
      { expression: `subscriberIds[${position}] = :id`, values: { ':id': subscriberId } },
      batchKeyOf(edition, batch),
      { expression: `SET subscriberIds[${position}] = :mark`, values: { ':mark': mark } },
    );
  };

  return {
    loadBatch,

    async settleBatch(edition, batch, counts, used) {
      const key = batchKeyOf(edition, batch);
      const values = { ':counts': counts, ':used': used };
      const update = { expression: 'SET counts = :counts, used = :used', values };
      if (!(await updateIf(table, { expression: 'attribute_exists(pk)' }, key, update))) {
        throw new Error(`the batch ${key.pk} / ${key.sk} is not recorded, so it takes no counts`);
      }
    },

    replaceErased: (origin, subscriberId) => putInPlace(origin, subscriberId, ERASED_ID),

    replaceMoved: (origin, subscriberId) => putInPlace(origin, subscriberId, OTHER_BATCH_ID),
  };
}
