import * as z from 'zod';
import type { DigestOrigin } from '../../domain/cohort.ts';
import { deliverySchema } from '../../domain/delivery.ts';
import { findItem, type Item } from './stored-item.ts';
import type { Table } from './table.ts';

const editionSchema = z.object({
  cadence: deliverySchema.shape.cadence,
  period: z.string(),
  cohort: z.string(),
  /** Absent in what earlier releases wrote. */
  batch: z.int().nonnegative().optional(),
});

const recordSchema = z.object({ edition: editionSchema.optional() });

/** Returns the batch of a record's digest. Undefined if the record does not name it or cannot be read. */
export function findOrigin(table: Table, record: Item): DigestOrigin | undefined {
  const edition = findItem(table, recordSchema, record)?.edition;
  return edition?.batch === undefined ? undefined : { ...edition, batch: edition.batch };
}
