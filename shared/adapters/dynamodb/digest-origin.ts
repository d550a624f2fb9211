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

/** Which batch brought the digest of a record; undefined for a record that does not say, or that cannot be read. */
export function findOrigin(table: Table, record: Item): DigestOrigin | undefined {
  const edition = findItem(table, recordSchema, record)?.edition;
  return edition?.batch === undefined ? undefined : { ...edition, batch: edition.batch };
}
