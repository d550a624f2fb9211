import { randomUUID } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Cadence, cadences, firstPeriodSince } from '../../domain/cadence.ts';
import { type Delivery, type DeliveryKey, deliverySchema } from '../../domain/delivery.ts';
import { ConflictError } from '../../domain/errors.ts';
import { addDays, type Clock, type Day, utcDayOf } from '../../domain/time.ts';
import type { Claim, DeliveryRepository } from '../../ports.ts';
import { expiryOf } from './expiry.ts';
import { isConditionFailed, parseItem, queryAll, type Table } from './table.ts';

/**
 * How much later than its period a digest can be sent: the days that its message may spend on the queue (4) and on the
 * dead-letter queue (14), and one for time zones. Periods are looked at so much further back than the time asked for.
 */
const LATEST_DAYS = 19;

/** The ledger in the `Deliveries` table: `SUB#<subscriber id>` / `<cadence>#<period>`. */
export function createDeliveryRepository(table: Table, clock: Clock): DeliveryRepository {
  const loadItem = async (key: DeliveryKey) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: keyOf(key), ConsistentRead: true }),
    );
    return Item;
  };

  /**
   * Writes a record that must not exist yet and returns its write id. The SDK repeats a call whose answer was lost, and then
   * finds its own first write in the way; the id tells that from somebody else's.
   */
  const create = async (delivery: Delivery, edition: object): Promise<string | undefined> => {
    const writeId = randomUUID();
    try {
      await table.documents.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...keyOf(delivery), ...delivery, edition, writeId, ...expiryOf(clock) },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return writeId;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      return (await loadItem(delivery))?.writeId === writeId ? writeId : undefined;
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

  /** Whether the claim is still the one that is held. */
  const isHeld = ({ claimId }: Claim) => ({
    ConditionExpression: 'writeId = :claimId',
    ExpressionAttributeValues: { ':claimId': claimId },
  });

  return {
    async load(key) {
      const item = await loadItem(key);
      return item && parseItem(deliverySchema, item);
    },

    async claim(key, edition, paperIds, at) {
      const outcome = { state: 'claimed' } as const;
      const claimId = await create({ ...key, outcome, paperIds: [...paperIds], claimedAt: at }, edition);
      return claimId === undefined ? undefined : { ...key, claimId };
    },

    async skip(key, edition, outcome, at) {
      return (await create({ ...key, outcome, paperIds: [], claimedAt: at }, edition)) !== undefined;
    },

    async settle(claim, outcome, at) {
      const { ConditionExpression, ExpressionAttributeValues } = isHeld(claim);
      try {
        await table.documents.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(claim),
            UpdateExpression: 'SET outcome = :outcome, settledAt = :at',
            ConditionExpression,
            ExpressionAttributeValues: { ...ExpressionAttributeValues, ':outcome': outcome, ':at': at },
          }),
        );
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        throw new ConflictError(`the claim of ${claim.subscriberId} ${keyOf(claim).sk} is not held`, {
          cause: error,
        });
      }
    },

    async release(claim) {
      try {
        await table.documents.send(
          new DeleteCommand({ TableName: table.name, Key: keyOf(claim), ...isHeld(claim) }),
        );
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },

    async loadSent(key, since) {
      const firstDay = addDays(utcDayOf(since), -LATEST_DAYS);
      const items = await Promise.all(
        cadences.map((cadence) => loadSince(key.subscriberId, cadence, firstDay)),
      );
      const others = items.flat().filter((item) => item.sk !== keyOf(key).sk);
      const deliveries = others.map((item) => parseItem(deliverySchema, item));
      return new Map(
        deliveries
          .filter(({ outcome, claimedAt }) => outcome.state !== 'failed' && claimedAt >= since)
          .flatMap((delivery) => delivery.paperIds.map((id) => [id, delivery] as const)),
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
