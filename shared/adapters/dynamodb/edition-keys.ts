/**
 * The keys of editions in the `Deliveries` table.
 *
 * - The records of an edition are `EDITION#<cadence>#<period>#<cohort>` / `META` and `BATCH#<n>`.
 * - The index is `EDITIONS#<cadence>#<day, week or month>` / `<period>#<cohort>`. An audit finds the editions of a day by it,
 *   without a scan.
 */

import { cadences, periodOf } from '../../domain/cadence.ts';
import type { Edition } from '../../domain/cohort.ts';
import type { Day } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { ItemKey } from './table.ts';

/** The prefix of the sort key of each batch. */
export const BATCH_PREFIX = 'BATCH#';

/** The prefix of the partition key of each record of an edition. */
export const EDITION_PREFIX = 'EDITION#';

export function editionPartitionOf({ cadence, period, cohort }: Edition): string {
  return `${EDITION_PREFIX}${cadence}#${period}#${cohort}`;
}

export function metaKeyOf(edition: Edition): ItemKey {
  return { pk: editionPartitionOf(edition), sk: 'META' };
}

export function batchKeyOf(edition: Edition, batch: number): ItemKey {
  return { pk: editionPartitionOf(edition), sk: `${BATCH_PREFIX}${String(batch).padStart(6, '0')}` };
}

/** The key of an edition in the index. The instant editions of a day share a partition. */
export function indexKeyOf({ cadence, period, cohort }: Edition): ItemKey {
  const span = cadence === 'instant' ? period.slice(0, 'yyyy-mm-dd'.length) : period;
  return { pk: indexPartitionOf(cadence, span), sk: `${period}#${cohort}` };
}

/** The partitions of the index that may hold an edition of a local day. */
export function indexPartitionsOf(day: Day): readonly string[] {
  return [
    indexPartitionOf('instant', day),
    indexPartitionOf('daily', day),
    indexPartitionOf('weekly', periodOf('weekly', day)),
    ...(day.endsWith('-01') ? [indexPartitionOf('monthly', periodOf('monthly', day))] : []),
  ];
}

function indexPartitionOf(cadence: Edition['cadence'], span: string): string {
  return `EDITIONS#${cadence}#${span}`;
}

const NAMED_CADENCE = `(${cadences.join('|')})`;
const cadenceSchema = z.enum(cadences);

/** `EDITION#daily#2026-01-06#daily#Europe/Berlin#08` */
const RECORD_KEY = new RegExp(`^${EDITION_PREFIX}${NAMED_CADENCE}#([^#]+)#(.+)$`);

/** The partition key of a record, read as its edition. */
export const editionOfRecordSchema = z.pipe(
  z.object({ pk: z.string().check(z.regex(RECORD_KEY)) }),
  z.transform(({ pk }): Edition => {
    const [, cadence, period = '', cohort = ''] = RECORD_KEY.exec(pk) ?? [];
    return { cadence: cadenceSchema.parse(cadence), period, cohort };
  }),
);

const INDEX_PARTITION = new RegExp(`^EDITIONS#${NAMED_CADENCE}#`);
const INDEX_SORT_KEY = /^([^#]+)#(.+)$/;

/** An item of the index, read as its edition. */
export const editionOfIndexSchema = z.pipe(
  z.object({ pk: z.string().check(z.regex(INDEX_PARTITION)), sk: z.string().check(z.regex(INDEX_SORT_KEY)) }),
  z.transform(({ pk, sk }): Edition => {
    const [, cadence] = INDEX_PARTITION.exec(pk) ?? [];
    const [, period = '', cohort = ''] = INDEX_SORT_KEY.exec(sk) ?? [];
    return { cadence: cadenceSchema.parse(cadence), period, cohort };
  }),
);
