import { type DeliveryKey, deliverySchema } from '../../domain/digests/delivery.ts';
import type { DeliveryHistory } from '../../ports/deliveries.ts';
import { findOrigin } from './digest-origin.ts';
import { deliveryKeyOf, subscriberPartitionOf } from './keys.ts';
import { findItem } from './stored-item.ts';
import { deleteItem, getItem, queryPartition, type Table } from './table.ts';

/** What the `Deliveries` table holds of one subscriber: `SUB#<id>` / `<cadence>#<period>`. */
export function createDeliveryHistory(table: Table): DeliveryHistory {
  const load = (key: DeliveryKey) => getItem(table, deliveryKeyOf(key), { mayBeStale: true });

  return {
    async loadAll(subscriberId) {
      // A hundred days: at most one digest a day of each cadence, and an instant one for each quarter hour with a new paper.
      const items = await queryPartition(table, subscriberPartitionOf(subscriberId));
      return items.map((item) => ({
        recordId: String(item.sk),
        delivery: findItem(table, deliverySchema, item),
        origin: findOrigin(table, item),
      }));
    },

    async loadRecorded(keys) {
      const items = await Promise.all(keys.map(load));
      return keys.filter((_, position) => items[position] !== undefined);
    },

    async loadPaperIds(key) {
      const item = await load(key);
      return (item && findItem(table, deliverySchema, item)?.paperIds) ?? [];
    },

    erase: (subscriberId, recordId) =>
      deleteItem(table, { pk: subscriberPartitionOf(subscriberId), sk: recordId }),
  };
}
