import pMap from 'p-map';
import { type DeliveryKey, deliverySchema, mayHaveArrived } from '../../domain/digests/delivery.ts';
import type { DeliveryHistory } from '../../ports/deliveries.ts';
import { IS_NEW, putIf } from './conditional-write.ts';
import { findOrigin } from './digest-origin.ts';
import { deliveryKeyOf, subscriberPartitionOf } from './keys.ts';
import { findItem } from './stored-item.ts';
import { deleteItem, getItem, queryPartition, type Table } from './table.ts';

/** How many records are written at once. A subscriber with instant digests may have several hundred. */
const WRITES_AT_ONCE = 25;

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

    async copySent(from, to) {
      const items = await queryPartition(table, subscriberPartitionOf(from));
      const sent = items.filter((item) => {
        const delivery = findItem(table, deliverySchema, item);
        return delivery !== undefined && mayHaveArrived(delivery);
      });
      // A copy keeps the time at which its record expires.
      await pMap(
        sent,
        ({ sk, ...item }) =>
          putIf(table, IS_NEW, { ...item, pk: subscriberPartitionOf(to), sk: String(sk), subscriberId: to }),
        { concurrency: WRITES_AT_ONCE },
      );
    },

    erase: (subscriberId, recordId) =>
      deleteItem(table, { pk: subscriberPartitionOf(subscriberId), sk: recordId }),
  };
}
