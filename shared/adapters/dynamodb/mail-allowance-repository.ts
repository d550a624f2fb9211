import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  mailAllowanceSchema,
  NEVER_TAKEN,
  takeAllowance,
  UNANSWERED_LAPSE_DAYS,
} from '../../domain/mail-allowance.ts';
import type { MailAllowanceRepository } from '../../ports.ts';
import { TTL_ATTRIBUTE } from '../../table-schema.ts';
import { toExpiry } from './expiry.ts';
import { isConditionFailed, parseItem, type Table } from './table.ts';

const MAX_ATTEMPTS = 3;

/**
 * What each mailbox was mailed, in the `Subscribers` table: `LIMIT#mailbox#<id>` / `MAIL`. An item expires 30 days after
 * it was taken last, when nothing in it counts any more.
 */
export function createMailAllowanceRepository(table: Table): MailAllowanceRepository {
  const load = async (mailbox: string) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: keyOf(mailbox), ConsistentRead: true }),
    );
    return Item && parseItem(mailAllowanceSchema, Item);
  };

  /** False where the condition of a write does not hold. */
  const isWritten = async (write: () => Promise<unknown>): Promise<boolean> => {
    try {
      await write();
      return true;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      return false;
    }
  };

  return {
    load,

    async take(mailbox, request, at) {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const known = await load(mailbox);
        const taken = takeAllowance(known, request, at);
        if (taken === 'refused' || taken === 'in-hand') return taken;
        const put = new PutCommand({
          TableName: table.name,
          Item: { ...keyOf(mailbox), ...taken, [TTL_ATTRIBUTE]: toExpiry(at, UNANSWERED_LAPSE_DAYS) },
          ...(known
            ? {
                ConditionExpression:
                  'requestId = :known AND takenAt = :takenAt AND isUsed = :isUsed AND unanswered = :unanswered',
                ExpressionAttributeValues: {
                  ':known': known.requestId,
                  ':takenAt': known.takenAt,
                  ':isUsed': known.isUsed,
                  ':unanswered': known.unanswered,
                },
              }
            : { ConditionExpression: 'attribute_not_exists(pk)' }),
        });
        if (await isWritten(() => table.documents.send(put))) return 'taken';
      }
      // Others take it time and again, so one of them mails.
      return 'refused';
    },

    async release(mailbox, requestId) {
      const update = new UpdateCommand({
        TableName: table.name,
        Key: keyOf(mailbox),
        UpdateExpression: 'SET takenAt = :never',
        ConditionExpression: 'requestId = :id AND isUsed = :false',
        ExpressionAttributeValues: { ':never': NEVER_TAKEN, ':id': requestId, ':false': false },
      });
      await isWritten(() => table.documents.send(update));
    },

    async use(mailbox, requestId) {
      const update = new UpdateCommand({
        TableName: table.name,
        Key: keyOf(mailbox),
        UpdateExpression: 'SET isUsed = :true',
        ConditionExpression: 'requestId = :id',
        ExpressionAttributeValues: { ':true': true, ':id': requestId },
      });
      await isWritten(() => table.documents.send(update));
    },

    async answer(mailbox) {
      const update = new UpdateCommand({
        TableName: table.name,
        Key: keyOf(mailbox),
        UpdateExpression: 'SET unanswered = :none',
        ConditionExpression: 'unanswered > :none',
        ExpressionAttributeValues: { ':none': 0 },
      });
      await isWritten(() => table.documents.send(update));
    },

    async erase(mailbox) {
      await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keyOf(mailbox) }));
    },
  };
}

function keyOf(mailbox: string) {
  return { pk: `LIMIT#mailbox#${mailbox}`, sk: 'MAIL' };
}
