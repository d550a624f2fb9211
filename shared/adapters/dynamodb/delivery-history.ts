import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { deliverySchema } from '../../domain/delivery.ts';
import type { DeliveryHistory } from '../../ports.ts';
import { parseOrigin } from './digest-origin.ts';
import { parseItem, queryAll, type Table } from './table.ts';

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
        const origin = parseOrigin(item);
        return { delivery: parseItem(deliverySchema, item), ...(origin && { origin }) };
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
