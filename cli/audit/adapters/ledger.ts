import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readBatch } from '../../../shared/adapters/dynamodb/edition-repository.ts';
import { findItem, type Item, UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { batchGetAll, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import { cadences } from '../../../shared/domain/cadence.ts';
import type { Edition } from '../../../shared/domain/cohort.ts';
import { deliverySchema } from '../../../shared/domain/delivery.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { KeptBatch, KeptEdition } from '../account.ts';
import type { AuditedLedger } from '../ports.ts';

const metaSchema = z.object({ planned: z.int(), isComplete: z.boolean() });

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
 * more: a million records, a hundred days of ten thousand readers, are about 40,000 reads, half a cent.
 */
export function createAuditedLedger(table: Table): AuditedLedger {
  return {
    async loadEditions(isWanted) {
      const found = new Map<string, { edition: Edition; items: Item[] }>();
      for await (const item of scanEditions(table)) {
        const pk = String(item.pk);
        const edition = found.get(pk)?.edition ?? findItem(table, editionSchema, item);
        if (!edition || !isWanted(edition)) continue;
        const items = found.get(pk)?.items ?? [];
        items.push(item);
        found.set(pk, { edition, items });
      }
      return [...found.values()].map(({ edition, items }) => toKept(table, edition, items));
    },

    async loadDeliveries({ cadence, period }, ids) {
      const keys = [...new Set(ids)].map((id) => ({ pk: `${SUBSCRIBER}${id}`, sk: `${cadence}#${period}` }));
      const items = await permitted('dynamodb:BatchGetItem', () => batchGetAll(table, keys));
      return new Map(
        items.map((item) => [
          String(item.pk).slice(SUBSCRIBER.length),
          findItem(table, deliverySchema, item) ?? 'unreadable',
        ]),
      );
    },
  };
}

async function* scanEditions(table: Table): AsyncGenerator<Item> {
  let from: ScanCommandOutput['LastEvaluatedKey'];
  do {
    const command = new ScanCommand({
      TableName: table.name,
      FilterExpression: 'begins_with(pk, :editions)',
      ExpressionAttributeValues: { ':editions': 'EDITION#' },
      ConsistentRead: true,
      ExclusiveStartKey: from,
    });
    const page = await permitted('dynamodb:Scan', () => table.documents.send(command));
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

/** A worker that died between its first batch and the note of it left an edition without one. */
function toKept(table: Table, edition: Edition, items: readonly Item[]): KeptEdition {
  const meta = items.find(({ sk }) => sk === 'META');
  const progress = meta && findItem(table, metaSchema, meta);
  const { planned, isComplete } = progress ?? { planned: 0, isComplete: false };
  const batches = items.filter((item) => item !== meta).flatMap((item) => findBatch(table, item) ?? []);
  return { edition, planned, isComplete, batches };
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
