import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import * as z from 'zod';
import { deliverySchema } from '../../domain/delivery.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import type { DeliveryHistory } from '../../ports.ts';
import { batchKeyOf, batchSchema } from './edition-repository.ts';
import { isConditionFailed, parseItem, queryAll, type Table } from './table.ts';

/** What stands in a batch in place of somebody who was erased. */
const ERASED = 'erased';

const ITEMS_AT_ONCE = 10;

/** Which batch brought a digest; unknown for one that was sent by hand. */
const originSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  edition: z.object({
    cadence: deliverySchema.shape.cadence,
    period: z.string(),
    cohort: z.string(),
    batch: z.int().nonnegative().optional(),
  }),
});

/** What the `Deliveries` table holds of one subscriber: `SUB#<id>` / `<cadence>#<period>`, and the batches that name the id. */
export function createDeliveryHistory(table: Table): DeliveryHistory {
  const loadItems = (subscriberId: Subscriber['id']) =>
    queryAll(table, {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `SUB#${subscriberId}` },
      ConsistentRead: true,
    });

  const eraseFromBatch = async (key: ReturnType<typeof batchKeyOf>, subscriberId: Subscriber['id']) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
    );
    const position = Item ? parseItem(batchSchema, Item).subscriberIds.indexOf(subscriberId) : -1;
    if (position === -1) return;
    try {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: key,
          UpdateExpression: `SET subscriberIds[${position}] = :erased`,
          ConditionExpression: `subscriberIds[${position}] = :id`,
          ExpressionAttributeValues: { ':erased': ERASED, ':id': subscriberId },
        }),
      );
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  };

  return {
    async loadAll(subscriberId) {
      return (await loadItems(subscriberId)).map((item) => parseItem(deliverySchema, item));
    },

    async erase(subscriberId) {
      await pMap(
        await loadItems(subscriberId),
        async (item) => {
          const { pk, sk, edition } = parseItem(originSchema, item);
          // The record goes last: while it is there, a repeat finds the batch again.
          if (edition.batch !== undefined)
            await eraseFromBatch(batchKeyOf(edition, edition.batch), subscriberId);
          await table.documents.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }));
        },
        { concurrency: ITEMS_AT_ONCE },
      );
    },
  };
}
