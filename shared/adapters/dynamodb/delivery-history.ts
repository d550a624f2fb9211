import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { deliverySchema } from '../../domain/delivery.ts';
import type { DeliveryHistory } from '../../ports.ts';
import { parseItem, queryAll, type Table } from './table.ts';

/** Which batch brought a digest; records of an earlier version do not tell the batch. */
const originSchema = z.object({
  edition: z.object({
    cadence: deliverySchema.shape.cadence,
    period: z.string(),
    cohort: z.string(),
    batch: z.int().nonnegative().optional(),
  }),
});

/** What the `Deliveries` table holds of one subscriber: `SUB#<id>` / `<cadence>#<period>`. */
export function createDeliveryHistory(table: Table): DeliveryHistory {
  return {
    async loadAll(subscriberId) {
      const items = await queryAll(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `SUB#${subscriberId}` },
        ConsistentRead: true,
      });
      return items.map((item) => {
        const { batch, ...edition } = parseItem(originSchema, item).edition;
        const delivery = parseItem(deliverySchema, item);
        return { delivery, ...(batch !== undefined && { origin: { ...edition, batch } }) };
      });
    },

    async erase({ subscriberId, cadence, period }) {
      await table.documents.send(
        new DeleteCommand({
          TableName: table.name,
          Key: { pk: `SUB#${subscriberId}`, sk: `${cadence}#${period}` },
        }),
      );
    },
  };
}
