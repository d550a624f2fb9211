import * as z from 'zod';
import type { DigestOrigin } from '../../domain/cohort.ts';
import { deliverySchema } from '../../domain/delivery.ts';
import { parseItem } from './table.ts';

const recordSchema = z.object({
  edition: z.object({
    cadence: deliverySchema.shape.cadence,
    period: z.string(),
    cohort: z.string(),
    batch: z.int().nonnegative().optional(),
  }),
});

/** Which batch brought the digest of a record; undefined for records of an earlier version, which do not tell. */
export function parseOrigin(record: Record<string, unknown>): DigestOrigin | undefined {
  const { batch, ...edition } = parseItem(recordSchema, record).edition;
  return batch === undefined ? undefined : { ...edition, batch };
}
