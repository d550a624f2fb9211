import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ConflictError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import {
  type EditionBatch,
  type EditionProgress,
  type EditionRepository,
  isUnreadable,
  UNREADABLE_ID,
  type UnreadableState,
} from '../../ports/planning.ts';
import { batchSchema, createBatchRepository, queryBatches } from './batch-repository.ts';
import { both, type Expression, IS_NEW, isAsRead, isUnwritten, putIf } from './conditional-write.ts';
import { expiryOf } from './expiry.ts';
import { batchKeyOf, editionPartitionOf, indexKeyOf, MAX_BATCHES, metaKeyOf } from './keys.ts';
import { findItem, toUnreadable } from './stored-item.ts';
import { getItem, type Table } from './table.ts';

const progressSchema = z.object({
  batches: z.int().check(z.nonnegative()),
  planned: z.int().check(z.nonnegative()),
  after: z.optional(z.string()),
  /** Absent in what earlier releases wrote, and in an edition that is complete. */
  pending: z.optional(z.object({ batches: z.array(z.array(z.string())), after: z.optional(z.string()) })),
  isComplete: z.boolean(),
});

const MISSING_BATCH: EditionBatch = { subscriberIds: [] };
const UNREADABLE_BATCH: EditionBatch = { subscriberIds: [UNREADABLE_ID] };

/**
 * Editions in the `Deliveries` table, under the keys of `keys.ts`. An edition enters the index before its first progress
 * is saved, so an audit of its day finds whatever was begun.
 */
export function createEditionRepository(table: Table, clock: Clock): EditionRepository {
  const batches = createBatchRepository(table);
  return {
    ...batches,

    async loadProgress(edition) {
      const item = await getItem(table, metaKeyOf(edition));
      return item && (findItem(table, progressSchema, item) ?? toUnreadable(item));
    },

    async saveProgress(edition, progress, previous) {
      if (previous === undefined || isUnreadable(previous)) {
        const Item = { ...indexKeyOf(edition), ...expiryOf(clock) };
        await table.documents.send(new PutCommand({ TableName: table.name, Item }));
      }
      const item = { ...metaKeyOf(edition), ...progress, ...expiryOf(clock) };
      if (!(await putIf(table, isUnmoved(previous), item))) {
        throw new ConflictError(`edition ${editionPartitionOf(edition)} was moved on by another worker`);
      }
    },

    async saveBatch(edition, batch, subscriberIds) {
      if (batch >= MAX_BATCHES) throw new RangeError(`an edition has ${MAX_BATCHES} batches at most`);
      const key = batchKeyOf(edition, batch);
      const item = { ...key, subscriberIds, ...expiryOf(clock) };
      if (await putIf(table, IS_NEW, item)) return subscriberIds;
      const stored = await getItem(table, key);
      const known = stored && findItem(table, batchSchema, stored);
      if (known) return known.subscriberIds;
      if (stored && (await putIf(table, isUnwritten(toUnreadable(stored)), item))) return subscriberIds;
      throw new ConflictError(`the batch ${key.pk} / ${key.sk} was there, and is gone or replaced`);
    },

    async *loadBatches(edition) {
      let next = 0;
      let withoutPosition = 0;
      for await (const { position, batch } of queryBatches(table, edition)) {
        if (position === undefined) {
          withoutPosition += 1;
          continue;
        }
        for (; next < position; next += 1) yield MISSING_BATCH;
        yield batch ?? UNREADABLE_BATCH;
        next += 1;
      }
      // After the others, which keep their positions.
      for (; withoutPosition > 0; withoutPosition -= 1) yield UNREADABLE_BATCH;
    },
  };
}

/** Holds while the progress is as it was loaded. */
function isUnmoved(previous: EditionProgress | UnreadableState | undefined): Expression {
  if (previous === undefined) return IS_NEW;
  if (isUnreadable(previous)) return isUnwritten(previous);
  const { batches, isComplete, pending, after } = previous;
  // A page is saved once for each number of batches and each id to go on after. A page without batches moves only the latter.
  const position = { batches, isComplete, after };
  if (!pending) return isAsRead({ ...position, pending });
  return both(isAsRead(position), { expression: 'attribute_exists(pending)' });
}
