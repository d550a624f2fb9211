import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readBatch } from '../../../shared/adapters/dynamodb/edition-repository.ts';
import { findItem, type Item, UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { batchGetAll, queryEach, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import { cadences } from '../../../shared/domain/cadence.ts';
import type { Edition } from '../../../shared/domain/cohort.ts';
import { deliverySchema } from '../../../shared/domain/delivery.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { KeptBatch, KeptEdition } from '../account.ts';
import type { AuditedLedger } from '../ports.ts';

const metaSchema = z.object({ planned: z.int(), isComplete: z.boolean(), pending: z.unknown().optional() });

const SUBSCRIBER = 'SUB#';

/** `EDITION#daily#2026-01-06#daily#Europe/Berlin#08` */
const EDITION_KEY = new RegExp(`^EDITION#(${cadences.join('|')})#([^#]+)#(.+)$`);

/** An item's partition key, read as its edition. */
const editionSchema = z.object({ pk: z.string().regex(EDITION_KEY) }).transform(({ pk }): Edition => {
  const [, cadence, period = '', cohort = ''] = EDITION_KEY.exec(pk) ?? [];
  return { cadence: z.enum(cadences).parse(cadence), period, cohort };
});

/**
 * The `Deliveries` table. Editions are found by a scan, because nothing else knows those of a cohort that nobody is in any
 * more. It reads the whole table, page by page, and keeps one small record of each edition that is wanted. A million digests
 * of some 500 bytes are about 130,000 read units, two cents.
 *
 * @param onRead is told of how many more records were read, with each page
 */
export function createAuditedLedger(
  table: Table,
  onRead: (records: number) => void = () => {},
): AuditedLedger {
  return {
    async loadEditions(isWanted) {
      const found = new Map<string, KeptEdition>();
      for await (const item of scanEditions(table, onRead)) {
        const pk = String(item.pk);
        const known = found.get(pk);
        const edition = known?.edition ?? findItem(table, editionSchema, item);
        if (!edition || !isWanted(edition)) continue;
        found.set(
          pk,
          toKept(table, item, known ?? { edition, planned: 0, isComplete: false, hasMembers: false }),
        );
      }
      return [...found.values()];
    },

    async *loadBatches({ cadence, period, cohort }) {
      const items = queryEach(table, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :batches)',
        ExpressionAttributeValues: { ':pk': `EDITION#${cadence}#${period}#${cohort}`, ':batches': 'BATCH#' },
        ConsistentRead: true,
      });
      for (;;) {
        const next = await permitted('dynamodb:Query', () => items.next());
        if (next.done) return;
        const batch = findBatch(table, next.value);
        if (batch) yield batch;
      }
    },

    async loadDeliveries({ cadence, period }, ids) {
      const keys = [...new Set(ids)].map((id) => ({ pk: `${SUBSCRIBER}${id}`, sk: `${cadence}#${period}` }));
      const items = await permitted('dynamodb:BatchGetItem', () => batchGetAll(table, keys));
      onRead(keys.length);
      return new Map(
        items.map((item) => [
          String(item.pk).slice(SUBSCRIBER.length),
          findItem(table, deliverySchema, item) ?? 'unreadable',
        ]),
      );
    },
  };
}

/** What tells of each edition: its progress, and its first batch, which a worker that died may have left alone. */
async function* scanEditions(table: Table, onRead: (records: number) => void): AsyncGenerator<Item> {
  let from: ScanCommandOutput['LastEvaluatedKey'];
  do {
    const command = new ScanCommand({
      TableName: table.name,
      FilterExpression: 'begins_with(pk, :editions) AND (sk = :progress OR sk = :first)',
      ExpressionAttributeValues: { ':editions': 'EDITION#', ':progress': 'META', ':first': 'BATCH#000000' },
      ConsistentRead: true,
      ExclusiveStartKey: from,
    });
    const page = await permitted('dynamodb:Scan', () => table.documents.send(command));
    onRead(page.ScannedCount ?? 0);
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

/** What is known of an edition, and what one more of its items tells. */
function toKept(table: Table, item: Item, known: KeptEdition): KeptEdition {
  if (item.sk !== 'META') return { ...known, hasMembers: true };
  const progress = findItem(table, metaSchema, item);
  if (!progress) return known;
  const { planned, isComplete, pending } = progress;
  const hasMembers = known.hasMembers || planned > 0 || pending !== undefined;
  return { ...known, planned, isComplete, hasMembers };
}

function findBatch(table: Table, item: Item): KeptBatch | undefined {
  try {
    const { subscriberIds, counts } = readBatch(table, item);
    return { subscriberIds, isSettled: counts !== undefined };
  } catch (error) {
    if (!(error instanceof UnreadableItemError)) throw error;
    return undefined;
  }
}
