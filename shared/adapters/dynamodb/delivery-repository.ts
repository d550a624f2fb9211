import { randomUUID } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Cadence, cadences, firstPeriodSince } from '../../domain/cadence.ts';
import { type Delivery, type DeliveryKey, deliverySchema } from '../../domain/delivery.ts';
import type { Clock, Day } from '../../domain/time.ts';
import type { DeliveryRepository } from '../../ports.ts';
import { expiryOf } from './expiry.ts';
import { isConditionFailed, parseItem, queryAll, type Table } from './table.ts';

/** The ledger in the `Deliveries` table: `SUB#<subscriber id>` / `<cadence>#<period>`. */
export function createDeliveryRepository(table: Table, clock: Clock): DeliveryRepository {
  const loadItem = async (key: DeliveryKey) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: keyOf(key), ConsistentRead: true }),
    );
    return Item;
  };

  /**
   * Writes a record that must not exist yet. The SDK repeats a call whose answer was lost, and then finds its own
   * first write in the way; the write id tells that from somebody else's.
   */
  const create = async (delivery: Delivery, edition: object): Promise<boolean> => {
    const writeId = randomUUID();
    try {
      await table.documents.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...keyOf(delivery), ...delivery, edition, writeId, ...expiryOf(clock) },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return true;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      return (await loadItem(delivery))?.writeId === writeId;
    }
  };

  const loadSince = (subscriberId: string, cadence: Cadence, since: Day) =>
    queryAll(table, {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': partitionOf(subscriberId),
        ':first': `${cadence}#${firstPeriodSince(cadence, since)}`,
        ':last': `${cadence}#~`,
      },
      ConsistentRead: true,
    });

  return {
    async load(key) {
      const item = await loadItem(key);
      return item && parseItem(deliverySchema, item);
    },

    claim(key, edition, paperIds, at) {
      return create(
        { ...key, outcome: { state: 'claimed' }, paperIds: [...paperIds], claimedAt: at },
        edition,
      );
    },

    skip(key, edition, outcome, at) {
      return create({ ...key, outcome, paperIds: [], claimedAt: at }, edition);
    },

    async settle(key, outcome, at) {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(key),
          UpdateExpression: 'SET outcome = :outcome, settledAt = :at',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':outcome': outcome, ':at': at },
        }),
      );
    },

    async release(key) {
      await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keyOf(key) }));
    },

    async loadSentPaperIds(key, since) {
      const items = await Promise.all(cadences.map((cadence) => loadSince(key.subscriberId, cadence, since)));
      const others = items.flat().filter((item) => item.sk !== keyOf(key).sk);
      const deliveries = others.map((item) => parseItem(deliverySchema, item));
      return new Set(
        deliveries.filter(({ outcome }) => outcome.state !== 'failed').flatMap(({ paperIds }) => paperIds),
      );
    },
  };
}

function partitionOf(subscriberId: string): string {
  return `SUB#${subscriberId}`;
}

function keyOf({ subscriberId, cadence, period }: DeliveryKey) {
  return { pk: partitionOf(subscriberId), sk: `${cadence}#${period}` };
}
