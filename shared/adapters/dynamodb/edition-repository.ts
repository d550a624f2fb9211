import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { DigestOrigin, Edition } from '../../domain/cohort.ts';
import { ConflictError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/time.ts';
import { type EditionRepository, ELSEWHERE_ID, ERASED_ID } from '../../ports.ts';
import { expiryOf } from './expiry.ts';
import { isConditionFailed, parseItem, queryAll, type Table } from './table.ts';

const progressSchema = z.object({
  batches: z.int().nonnegative(),
  planned: z.int().nonnegative(),
  after: z.string().optional(),
  isComplete: z.boolean(),
});

const batchSchema = z.object({
  subscriberIds: z.array(z.string()),
  counts: z.record(z.string(), z.int().nonnegative()).optional(),
});

/** Editions in the `Deliveries` table: `EDITION#<cadence>#<period>#<cohort>` / `META` and `BATCH#<n>`. */
export function createEditionRepository(table: Table, clock: Clock): EditionRepository {
  const loadBatch = async (edition: Edition, batch: number) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: batchKeyOf(edition, batch), ConsistentRead: true }),
    );
    return Item && parseItem(batchSchema, Item).subscriberIds;
  };

  /** Puts a mark in place of a subscriber whom a batch names, if it does. */
  const putInPlace = async ({ batch, ...edition }: DigestOrigin, subscriberId: string, mark: string) => {
    const position = (await loadBatch(edition, batch))?.indexOf(subscriberId) ?? -1;
    if (position === -1) return;
    try {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: batchKeyOf(edition, batch),
          UpdateExpression: `SET subscriberIds[${position}] = :mark`,
          ConditionExpression: `subscriberIds[${position}] = :id`,
          ExpressionAttributeValues: { ':mark': mark, ':id': subscriberId },
        }),
      );
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  };

  return {
    async loadProgress(edition) {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: metaKeyOf(edition), ConsistentRead: true }),
      );
      return Item && parseItem(progressSchema, Item);
    },

    async saveProgress(edition, progress, previous) {
      try {
        await table.documents.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...metaKeyOf(edition), ...progress, ...expiryOf(clock) },
            ...(previous
              ? {
                  ConditionExpression: 'batches = :batches AND isComplete = :isComplete',
                  ExpressionAttributeValues: {
                    ':batches': previous.batches,
                    ':isComplete': previous.isComplete,
                  },
                }
              : { ConditionExpression: 'attribute_not_exists(pk)' }),
          }),
        );
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        throw new ConflictError(`edition ${partitionOf(edition)} was moved on by another worker`, {
          cause: error,
        });
      }
    },

    async saveBatch(edition, batch, subscriberIds) {
      try {
        await table.documents.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...batchKeyOf(edition, batch), subscriberIds, ...expiryOf(clock) },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return subscriberIds;
      } catch (error) {
        const known = isConditionFailed(error) && (await loadBatch(edition, batch));
        if (!known) throw error;
        return known;
      }
    },

    loadBatch,

    async settleBatch(edition, batch, counts) {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: batchKeyOf(edition, batch),
          UpdateExpression: 'SET counts = :counts',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':counts': counts },
        }),
      );
    },

    forget: (origin, subscriberId) => putInPlace(origin, subscriberId, ERASED_ID),

    passOn: (origin, subscriberId) => putInPlace(origin, subscriberId, ELSEWHERE_ID),

    async loadBatches(edition) {
      const items = await queryAll(table, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': partitionOf(edition), ':prefix': 'BATCH#' },
        ConsistentRead: true,
      });
      return items.map((item) => parseItem(batchSchema, item));
    },
  };
}

function partitionOf({ cadence, period, cohort }: Edition): string {
  return `EDITION#${cadence}#${period}#${cohort}`;
}

function metaKeyOf(edition: Edition) {
  return { pk: partitionOf(edition), sk: 'META' };
}

function batchKeyOf(edition: Edition, batch: number) {
  return { pk: partitionOf(edition), sk: `BATCH#${String(batch).padStart(6, '0')}` };
}
