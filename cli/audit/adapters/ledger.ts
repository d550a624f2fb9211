import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGetAll, parseItem, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import { cadences } from '../../../shared/domain/cadence.ts';
import type { Edition } from '../../../shared/domain/cohort.ts';
import { deliverySchema } from '../../../shared/domain/delivery.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { KeptBatch, KeptEdition } from '../account.ts';
import type { AuditedLedger } from '../ports.ts';

const itemSchema = z.object({ pk: z.string(), sk: z.string() });
const metaSchema = z.object({ planned: z.int(), isComplete: z.boolean() });
const batchSchema = z.object({
  subscriberIds: z.array(z.string()),
  counts: z.record(z.string(), z.number()).optional(),
});

/** `EDITION#daily#2026-01-06#daily#Europe/Berlin#08` */
const EDITION_KEY = new RegExp(`^EDITION#(${cadences.join('|')})#([^#]+)#(.+)$`);

/**
 * The `Deliveries` table. Editions are found by a scan, because nothing else knows those of a cohort that nobody is in any
 * more: a million records, a hundred days of ten thousand readers, are about 40,000 reads, half a cent.
 */
export function createAuditedLedger(table: Table): AuditedLedger {
  return {
    async loadEditions(isWanted) {
      const found = new Map<string, { edition: Edition; items: Record<string, unknown>[] }>();
      for await (const item of scanEditions(table)) {
        const { pk } = itemSchema.parse(item);
        const edition = found.get(pk)?.edition ?? parseEditionKey(pk);
        if (!isWanted(edition)) continue;
        const items = found.get(pk)?.items ?? [];
        found.set(pk, { edition, items: [...items, item] });
      }
      return [...found.values()].map(({ edition, items }) => toKept(edition, items));
    },

    async loadDeliveries({ cadence, period }, ids) {
      const keys = [...new Set(ids)].map((id) => ({ pk: `SUB#${id}`, sk: `${cadence}#${period}` }));
      const items = await permitted('dynamodb:BatchGetItem', () => batchGetAll(table, keys));
      const deliveries = items.map((item) => parseItem(deliverySchema, item));
      return new Map(deliveries.map((delivery) => [delivery.subscriberId, delivery]));
    },
  };
}

async function* scanEditions(table: Table): AsyncGenerator<Record<string, unknown>> {
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

function parseEditionKey(key: string): Edition {
  const [, cadence, period, cohort] = EDITION_KEY.exec(key) ?? [];
  return z.object({ cadence: z.enum(cadences), period: z.string(), cohort: z.string() }).parse({
    ...{ cadence, period, cohort },
  });
}

/** A worker that died between its first batch and the note of it left an edition without one. */
function toKept(edition: Edition, items: readonly Record<string, unknown>[]): KeptEdition {
  const meta = items.find(({ sk }) => sk === 'META');
  const { planned, isComplete } = meta ? parseItem(metaSchema, meta) : { planned: 0, isComplete: false };
  const batches = items.filter((item) => item !== meta).map(toBatch);
  return { edition, planned, isComplete, batches };
}

function toBatch(item: Record<string, unknown>): KeptBatch {
  const { subscriberIds, counts } = parseItem(batchSchema, item);
  return { subscriberIds, isSettled: counts !== undefined };
}
