import type { DigestOrigin } from '../../domain/digests/cohort.ts';
import { deliverySchema } from '../../domain/digests/delivery.ts';
import * as z from '../../domain/zod.ts';
import { findItem, type Item } from './stored-item.ts';
import type { Table } from './table.ts';

const { cadence, period } = deliverySchema.shape;

/** The edition as earlier releases wrote it. */
const editionSchema = z.object({
  cadence,
  period,
  cohort: z.string(),
  /** Absent in what the first releases wrote. */
  batch: z.optional(z.int().check(z.nonnegative())),
});

/** The number of the batch, and the key of the cohort after its cadence: `12#Europe/Berlin#08`. Or a space and the whole key. */
const BATCH = /^(\d+)(?: (.*)|(#.*)?)$/s;

const recordSchema = z.object({
  cadence: z.optional(cadence),
  period: z.optional(period),
  edition: z.optional(editionSchema),
  batch: z.optional(z.string().check(z.regex(BATCH))),
});

/** Returns the batch of a record's digest. Undefined if the record does not name it or cannot be read. */
export function findOrigin(table: Table, record: Item): DigestOrigin | undefined {
  const { edition, batch, ...own } = findItem(table, recordSchema, record) ?? {};
  if (edition?.batch !== undefined) return { ...edition, batch: edition.batch };
  const [, number, whole, rest = ''] = BATCH.exec(batch ?? '') ?? [];
  if (number === undefined || own.cadence === undefined || own.period === undefined) return undefined;
  const cohort = whole ?? `${own.cadence}${rest}`;
  return { cadence: own.cadence, period: own.period, cohort, batch: Number(number) };
}

/** Returns the attribute that names the batch of a digest. It leaves out what the record says already. */
export function toStoredBatch({ cadence, cohort, batch }: DigestOrigin): { readonly batch: string } {
  const rest = cohort.startsWith(cadence) ? cohort.slice(cadence.length) : undefined;
  return { batch: rest === '' || rest?.startsWith('#') ? `${batch}${rest}` : `${batch} ${cohort}` };
}
