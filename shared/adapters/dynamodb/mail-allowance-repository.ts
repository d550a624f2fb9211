import {
  mailAllowanceSchema,
  NEVER_TAKEN,
  takeAllowance,
  UNANSWERED_LAPSE_DAYS,
} from '../../domain/subscribers/mail-allowance.ts';
import type { MailAllowanceRepository } from '../../ports/subscribers.ts';
import { type Expression, IS_NEW, putIf, updateIf } from './conditional-write.ts';
import { toExpiry } from './expiry.ts';
import { ifUnreadable, readItem } from './stored-item.ts';
import { deleteItem, getItem, type Table } from './table.ts';
import { TTL_ATTRIBUTE } from './table-schema.ts';

const MAX_ATTEMPTS = 3;

/**
 * What each mailbox was mailed, in the `Subscribers` table: `LIMIT#mailbox#<id>` / `MAIL`. An item expires 30 days after
 * it was taken last, when nothing in it counts any more.
 */
export function createMailAllowanceRepository(table: Table): MailAllowanceRepository {
  const load = async (mailbox: string) => {
    const item = await getItem(table, keyOf(mailbox));
    return item && readItem(table, mailAllowanceSchema, item);
  };

  return {
    load: (mailbox) => load(mailbox).catch(ifUnreadable(undefined)),

    async take(mailbox, request, at) {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const known = await load(mailbox);
        const taken = takeAllowance(known, request, at);
        if (taken === 'refused' || taken === 'in-flight') return taken;
        const isUnchanged: Expression = known
          ? {
              expression:
                'requestId = :known AND takenAt = :takenAt AND isUsed = :isUsed AND unanswered = :unanswered',
              values: {
                ':known': known.requestId,
                ':takenAt': known.takenAt,
                ':isUsed': known.isUsed,
                ':unanswered': known.unanswered,
              },
            }
          : IS_NEW;
        const expiry = { [TTL_ATTRIBUTE]: toExpiry(at, UNANSWERED_LAPSE_DAYS) };
        if (await putIf(table, isUnchanged, { ...keyOf(mailbox), ...taken, ...expiry })) return 'taken';
      }
      // Other requests keep taking it, so one of them sends the mail.
      return 'refused';
    },

    async release(mailbox, requestId) {
      const isUnused = {
        expression: 'requestId = :id AND isUsed = :false',
        values: { ':id': requestId, ':false': false },
      };
      const update = { expression: 'SET takenAt = :never', values: { ':never': NEVER_TAKEN } };
      await updateIf(table, isUnused, keyOf(mailbox), update);
    },

    async use(mailbox, requestId) {
      const isHeld = { expression: 'requestId = :id', values: { ':id': requestId } };
      const update = { expression: 'SET isUsed = :true', values: { ':true': true } };
      await updateIf(table, isHeld, keyOf(mailbox), update);
    },

    async answer(mailbox) {
      const none = { ':none': 0 };
      const isAwaited = { expression: 'unanswered > :none', values: none };
      await updateIf(table, isAwaited, keyOf(mailbox), {
        expression: 'SET unanswered = :none',
        values: none,
      });
    },

    erase: (mailbox) => deleteItem(table, keyOf(mailbox)),
  };
}

function keyOf(mailbox: string) {
  return { pk: `LIMIT#mailbox#${mailbox}`, sk: 'MAIL' };
}
