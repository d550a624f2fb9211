import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '../../domain/time.ts';
import type { SendingLine } from '../../sending-ports.ts';
import { putIf } from './conditional-write.ts';
import { expiryOf } from './expiry.ts';
import { findItem } from './stored-item.ts';
import type { Table } from './table.ts';

const KEY = { pk: 'LINE', sk: 'HEAD' };

const headSchema = z.object({
  queuedAt: z.iso.datetime({ precision: 3 }),
  seenAt: z.iso.datetime({ precision: 3 }),
});

/**
 * Who waits longest for the quota, in the `Deliveries` table: `LINE` / `HEAD`. Nobody leaves the line: a head that was not seen
 * to wait lately gives way to whoever joins next.
 */
export function createSendingLine(table: Table, clock: Clock): SendingLine {
  return {
    async loadHead(seenSince) {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: KEY, ConsistentRead: true }),
      );
      const head = Item && findItem(table, headSchema, Item);
      return head && head.seenAt >= seenSince ? head.queuedAt : undefined;
    },

    async join(queuedAt, at, seenSince) {
      await putIf(
        table,
        {
          expression: 'attribute_not_exists(pk) OR queuedAt >= :queuedAt OR seenAt < :seenSince',
          values: { ':queuedAt': queuedAt, ':seenSince': seenSince },
        },
        { ...KEY, queuedAt, seenAt: at, ...expiryOf(clock) },
      );
    },
  };
}
