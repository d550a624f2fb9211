/**
 * The keys that several files build or read. A key of one file alone is in that file.
 *
 * In the `Papers` table:
 * - A paper is `PAPER#<id>` / `PAPER`. Its listings are beside it.
 *
 * In the `Subscribers` table:
 * - A profile is `SUB#<id>` / `PROFILE`, and a suppression is `SUB#<id>` / `LEFT`.
 * - A cohort is `COHORTS` / `<cohort>`.
 *
 * In the `Deliveries` table:
 * - The record of a digest is `SUB#<id>` / `<cadence>#<period>`.
 * - The records of an edition are `EDITION#<cadence>#<period>#<cohort>` / `META` and `BATCH#<n>`.
 * - The index is `EDITIONS#<cadence>#<day, week or month>` / `<period>#<cohort>`. An audit finds the editions of a day by it,
 *   without a scan.
 */

import type { CohortKey, Edition } from '../../domain/digests/cohort.ts';
import type { DeliveryKey } from '../../domain/digests/delivery.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import { type Cadence, cadences, type Period, periodOf } from '../../domain/subscribers/cadence.ts';
import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import type { Day } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import type { Item } from './stored-item.ts';
import type { ItemKey } from './table.ts';

export const COHORTS_PARTITION = 'COHORTS';

/** The prefix of the partition key of each record of a subscriber. */
export const SUBSCRIBER_PREFIX = 'SUB#';

export const PROFILE_SORT_KEY = 'PROFILE';

/** The sort key of the progress of each edition. */
export const META_SORT_KEY = 'META';

/** The prefix of the sort key of each batch. */
export const BATCH_PREFIX = 'BATCH#';

/** The prefix of the partition key of each record of an edition. */
export const EDITION_PREFIX = 'EDITION#';

export function paperPartitionOf(id: PaperId): string {
  return `PAPER#${id}`;
}

export function paperKeyOf(id: PaperId): ItemKey {
  return { pk: paperPartitionOf(id), sk: 'PAPER' };
}

export function subscriberPartitionOf(id: Subscriber['id']): string {
  return `${SUBSCRIBER_PREFIX}${id}`;
}

/** Returns the id of the subscriber whose record this is. */
export function subscriberIdOf({ pk }: Item): Subscriber['id'] {
  return String(pk).slice(SUBSCRIBER_PREFIX.length);
}

export function profileKeyOf(id: Subscriber['id']): ItemKey {
  return { pk: subscriberPartitionOf(id), sk: PROFILE_SORT_KEY };
}

export function suppressionKeyOf(id: Subscriber['id']): ItemKey {
  return { pk: subscriberPartitionOf(id), sk: 'LEFT' };
}

/** The key of the item that lists a cohort. */
export function cohortItemKeyOf(cohort: CohortKey): ItemKey {
  return { pk: COHORTS_PARTITION, sk: cohort };
}

export function deliveryKeyOf({ subscriberId, cadence, period }: DeliveryKey): ItemKey {
  return { pk: subscriberPartitionOf(subscriberId), sk: deliverySortKeyOf(cadence, period) };
}

export function deliverySortKeyOf(cadence: Cadence, period: Period): string {
  return `${cadence}#${period}`;
}

export function editionPartitionOf({ cadence, period, cohort }: Edition): string {
  return `${EDITION_PREFIX}${cadence}#${period}#${cohort}`;
}

export function metaKeyOf(edition: Edition): ItemKey {
  return { pk: editionPartitionOf(edition), sk: META_SORT_KEY };
}

export function batchKeyOf(edition: Edition, batch: number): ItemKey {
  return { pk: editionPartitionOf(edition), sk: batchSortKeyOf(batch) };
}

/** The most batches that an edition can have. The key of one more would be out of order. */
export const MAX_BATCHES = 1_000_000;

const BATCH_DIGITS = 6;

export function batchSortKeyOf(batch: number): string {
  return `${BATCH_PREFIX}${String(batch).padStart(BATCH_DIGITS, '0')}`;
}

/** The sort key of a batch, read as its position in its edition. */
export const batchNumberSchema = z.pipe(
  z.object({ sk: z.string().check(z.regex(new RegExp(`^${BATCH_PREFIX}\\d{${BATCH_DIGITS}}$`))) }),
  z.transform(({ sk }) => Number(sk.slice(BATCH_PREFIX.length))),
);

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
    // A monthly digest that was sent at once may be of any day.
    indexPartitionOf('monthly', periodOf('monthly', day)),
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
