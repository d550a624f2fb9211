import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DigestOrigin, Edition } from '../../domain/cohort.ts';
import { ConflictError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import {
  type EditionBatch,
  type EditionProgress,
  type EditionRepository,
  ERASED_ID,
  isUnreadable,
  OTHER_BATCH_ID,
  UNREADABLE_ID,
  type UnreadableState,
} from '../../ports/planning.ts';
import { type Expression, IS_NEW, isUnwritten, putIf, updateIf } from './conditional-write.ts';
import { BATCH_PREFIX, batchKeyOf, editionPartitionOf, indexKeyOf, metaKeyOf } from './edition-keys.ts';
import { expiryOf } from './expiry.ts';
import { findItem, type Item, ifUnreadable, readItem, toUnreadable } from './stored-item.ts';
import { queryEach, type Table } from './table.ts';

const progressSchema = z.object({
  batches: z.int().check(z.nonnegative()),
  planned: z.int().check(z.nonnegative()),
  after: z.optional(z.string()),
  /** Absent in what earlier releases wrote, and in an edition that is complete. */
  pending: z.optional(z.object({ batches: z.array(z.array(z.string())), after: z.optional(z.string()) })),
  isComplete: z.boolean(),
});

const idSchema = z.string().check(z.minLength(1));
const countsSchema = z.optional(z.record(z.string(), z.int().check(z.nonnegative())));
const batchSchema = z.object({
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

/**
 * A batch as it is stored. A bad id in it costs that id.
 *
 * @throws UnreadableItemError if it has no list of ids
 */
export function readBatch(table: Table, item: Item): EditionBatch {
  return findItem(table, batchSchema, item) ?? readItem(table, damagedBatchSchema, item);
}

/**
 * Editions in the `Deliveries` table, under the keys of `edition-keys.ts`. An edition enters the index before its first progress
 * is saved, so an audit of its day finds whatever was begun.
 */
export function createEditionRepository(table: Table, clock: Clock): EditionRepository {
  const loadBatch = async (edition: Edition, batch: number) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: batchKeyOf(edition, batch), ConsistentRead: true }),
    );
    return Item && readBatch(table, Item).subscriberIds;
  };

  /** Replaces a subscriber in a batch by a mark. Does nothing if the batch cannot be read or does not name the subscriber. */
  const putInPlace = async ({ batch, ...edition }: DigestOrigin, subscriberId: string, mark: string) => {
    const ids = await loadBatch(edition, batch).catch(ifUnreadable(undefined));
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
    async loadProgress(edition) {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: metaKeyOf(edition), ConsistentRead: true }),
      );
      return Item && (findItem(table, progressSchema, Item) ?? toUnreadable(Item));
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
      const key = batchKeyOf(edition, batch);
      if (await putIf(table, IS_NEW, { ...key, subscriberIds, ...expiryOf(clock) })) return subscriberIds;
      const known = await loadBatch(edition, batch);
      if (!known) throw new ConflictError(`the batch ${key.pk} / ${key.sk} was there, and is gone`);
      return known;
    },

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

    replaceElsewhere: (origin, subscriberId) => putInPlace(origin, subscriberId, OTHER_BATCH_ID),

    async *loadBatches(edition) {
      const items = queryEach(table, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': editionPartitionOf(edition), ':prefix': BATCH_PREFIX },
        ConsistentRead: true,
      });
      for await (const item of items) yield readBatch(table, item);
    },
  };
}

/** Holds while the progress is as it was loaded. */
function isUnmoved(previous: EditionProgress | UnreadableState | undefined): Expression {
  if (previous === undefined) return IS_NEW;
  if (isUnreadable(previous)) return isUnwritten(previous);
  const { batches, isComplete, pending, after } = previous;
  return {
    // A page is saved once for each number of batches and each id to go on after. A page without batches moves only the latter.
    expression: `batches = :batches AND isComplete = :isComplete AND ${
      pending ? 'attribute_exists(pending)' : 'attribute_not_exists(pending)'
    } AND ${after === undefined ? 'attribute_not_exists(#after)' : '#after = :after'}`,
    names: { '#after': 'after' },
    values: {
      ':batches': batches,
      ':isComplete': isComplete,
      ...(after !== undefined && { ':after': after }),
    },
  };
}
