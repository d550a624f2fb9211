import pMap from 'p-map';
import { type DeliveryKey, deliverySchema, mayHaveArrived, withSent } from '../../domain/digests/delivery.ts';
import type { DeliveryHistory } from '../../ports/deliveries.ts';
import { IS_NEW, putIf } from './conditional-write.ts';
import { isStill } from './delivery-repository.ts';
import { findOrigin } from './digest-origin.ts';
import { deliveryKeyOf, subscriberPartitionOf } from './keys.ts';
import { findItem, type Item } from './stored-item.ts';
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
      const pk = subscriberPartitionOf(to);
      const [items, own] = await Promise.all([
        queryPartition(table, subscriberPartitionOf(from)),
        queryPartition(table, pk),
      ]);
      const ownBySk = new Map(own.map((item) => [item.sk, item]));
      const copy = async (item: Item) => {
        const sent = findItem(table, deliverySchema, item);
        if (!sent || !mayHaveArrived(sent)) return;
        const known = ownBySk.get(item.sk);
        const key = { pk, sk: String(item.sk) };
        // A copy keeps the time at which its record expires.
        if (!known) return putIf(table, IS_NEW, { ...item, ...key, subscriberId: to });
        const delivery = findItem(table, deliverySchema, known);
        const joined = delivery && withSent(delivery, sent);
        if (!joined) return;
        const state = { claimId: known.writeId, state: delivery.outcome.state };
        return putIf(table, isStill(state), { ...known, ...joined, ...key });
      };
      await pMap(items, copy, { concurrency: WRITES_AT_ONCE });
    },

    erase: (subscriberId, recordId) =>
      deleteItem(table, { pk: subscriberPartitionOf(subscriberId), sk: recordId }),
  };
}
