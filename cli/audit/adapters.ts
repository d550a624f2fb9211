import pMap from 'p-map';
import * as z from 'zod';
import { queryBatches } from '../../shared/adapters/dynamodb/batch-repository.ts';
import {
  createCohortRepository,
  storedCohortSchema,
} from '../../shared/adapters/dynamodb/cohort-repository.ts';
import {
  batchKeyOf,
  batchSortKeyOf,
  COHORTS_PARTITION,
  deliveryKeyOf,
  EDITION_PREFIX,
  editionOfIndexSchema,
  editionOfRecordSchema,
  editionPartitionOf,
  indexPartitionsOf,
  META_SORT_KEY,
  metaKeyOf,
  subscriberIdOf,
} from '../../shared/adapters/dynamodb/keys.ts';
import {
  findItem,
  findItems,
  type Item,
  UnreadableItemError,
} from '../../shared/adapters/dynamodb/stored-item.ts';
import { batchGetAll, queryPartition, type Table } from '../../shared/adapters/dynamodb/table.ts';
import { type Edition, isDeliveredOn } from '../../shared/domain/digests/cohort.ts';
import { deliverySchema } from '../../shared/domain/digests/delivery.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  MS_PER_HOUR,
  utcDayOf,
} from '../../shared/domain/time/time.ts';
import { usageSchema } from '../../shared/domain/usage.ts';
import type { EditionBatch } from '../../shared/ports/planning.ts';
import { permitted } from '../deployment/aws-call.ts';
import { scanPages } from '../deployment/table-reads.ts';
import type { AuditedCohorts, AuditedLedger, KeptBatch, KeptEdition } from './audit.ts';

const progressSchema = z.object({
  planned: z.int(),
  batches: z.int(),
  isComplete: z.boolean(),
  pending: z.unknown().optional(),
});

/** A scan in parts is that many times as fast. */
const SCAN_PARTS = 8;

const CALLS_AT_ONCE = 8;

/** The first time zone to begin a day is 14 hours ahead of UTC. The other hour allows for a deployment in progress. */
const AHEAD_MS = 15 * MS_PER_HOUR;

/** Returns the first day whose editions are all in the index, given that the index is complete since `indexedSince`. */
export function firstIndexedDayOf(indexedSince: Instant): Day {
  return addDays(utcDayOf(addMs(indexedSince, AHEAD_MS)), 1);
}

export interface AuditedLedgerOptions {
  /** From this day on, every edition is in the index. The table is scanned for those of earlier days. @default all days */
  readonly firstIndexedDay?: Day | undefined;
  /** Called with the number of records in each page of a scan. */
  readonly onScanned?: (records: number) => void;
  /** Called with the number of digests that each read looked up. */
  readonly onRead?: (digests: number) => void;
}

/**
 * The `Deliveries` table. It finds the editions of a day by the index, their batches by query, and the records of their
 * digests by key. So an audit reads only what belongs to its days. A record takes half a read unit.
 */
export function createAuditedLedger(
  table: Table,
  { firstIndexedDay, onScanned = () => {}, onRead = () => {} }: AuditedLedgerOptions = {},
): AuditedLedger {
  const loadItems = async (keys: Parameters<typeof batchGetAll>[1]) => {
    const items = await permitted('dynamodb:BatchGetItem', () => batchGetAll(table, keys));
    return new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));
  };

  return {
    async loadEditions(first, last) {
      const days = daysFrom(first, last);
      const isIndexed = firstIndexedDay === undefined || first >= firstIndexedDay;
      const found = [
        ...(await queryIndex(table, days)),
        ...(isIndexed ? [] : await scanEditions(table, onScanned)),
      ];
      const editions = new Map(
        found
          .filter((edition) => days.some((day) => isDeliveredOn(edition, day)))
          .map((edition) => [editionPartitionOf(edition), edition]),
      );
      const items = await loadItems([...editions.values()].map(metaKeyOf));
      return [...editions.values()].map((edition) =>
        toKept(table, edition, items.get(nameOf(metaKeyOf(edition)))),
      );
    },

    async loadMemberships(editions) {
      // A worker that died may have left only the first batch.
      const items = await loadItems(
        editions.flatMap((edition) => [metaKeyOf(edition), batchKeyOf(edition, 0)]),
      );
      return new Map(
        editions.flatMap((edition) => {
          const progress = items.get(nameOf(metaKeyOf(edition)));
          const hasBatch = items.has(nameOf(batchKeyOf(edition, 0)));
          return progress || hasBatch ? [[edition, hasBatch || hasPlanned(table, progress)] as const] : [];
        }),
      );
    },

    async *loadBatches({ edition, batchCount }) {
      const recorded = queryBatches(table, edition);
      let expected = 0;
      for (;;) {
        const next = await permitted('dynamodb:Query', () => recorded.next());
        const position = next.done ? batchCount : next.value.position;
        if (position === undefined) continue;
        // Later batches may be in any order, because fan-out records a page at once, and then counts it.
        const found = Math.min(position, batchCount);
        if (found > expected) reportMissing(table, edition, expected, found - 1);
        if (next.done) return;
        expected = Math.max(expected, found + 1);
        if (next.value.batch) yield toKeptBatch(next.value.batch);
      }
    },

    async loadDeliveries({ cadence, period }, ids) {
      const keys = [...new Set(ids)].map((subscriberId) => deliveryKeyOf({ subscriberId, cadence, period }));
      const items = await loadItems(keys);
      onRead(keys.length);
      return new Map(
        [...items.values()].map((item) => [
          subscriberIdOf(item),
          findItem(table, deliverySchema, item) ?? 'unreadable',
        ]),
      );
    },
  };
}

/** Returns the editions that the index has for these days, and others of the same weeks. */
async function queryIndex(table: Table, days: readonly Day[]): Promise<readonly Edition[]> {
  const partitions = new Set(days.flatMap(indexPartitionsOf));
  const items = await pMap(
    partitions,
    (partition) => permitted('dynamodb:Query', () => queryPartition(table, partition)),
    { concurrency: CALLS_AT_ONCE },
  );
  return findItems(table, editionOfIndexSchema, items.flat());
}

/**
 * Returns all editions in the table, each once or twice. An earlier release put none into the index. So the scan looks for
 * their progress, and for their first batch, because a worker that died may have left only that.
 */
async function scanEditions(table: Table, onScanned: (records: number) => void): Promise<readonly Edition[]> {
  const parts = Array.from({ length: SCAN_PARTS }, (_, Segment) => Segment);
  const editions = await pMap(parts, async (Segment) => {
    const found: Edition[] = [];
    const pages = scanPages(table, {
      FilterExpression: 'begins_with(pk, :editions) AND (sk = :progress OR sk = :first)',
      ExpressionAttributeValues: {
        ':editions': EDITION_PREFIX,
        ':progress': META_SORT_KEY,
        ':first': batchSortKeyOf(0),
      },
      Segment,
      TotalSegments: SCAN_PARTS,
    });
    for await (const { items, scanned } of pages) {
      onScanned(scanned);
      found.push(...findItems(table, editionOfRecordSchema, items));
    }
    return found;
  });
  return editions.flat();
}

/** Returns an edition with its progress. An edition without readable progress is incomplete. */
function toKept(table: Table, edition: Edition, item: Item | undefined): KeptEdition {
  const progress = item && findItem(table, progressSchema, item);
  const { planned = 0, batches: batchCount = 0, isComplete = false } = progress ?? {};
  return { edition, planned, batchCount, isComplete };
}

function hasPlanned(table: Table, item: Item | undefined): boolean {
  const progress = item && findItem(table, progressSchema, item);
  return progress !== undefined && (progress.planned > 0 || progress.pending !== undefined);
}

/** Reports batches that have no item. Fan-out counts a batch in the progress only after it recorded the batch. */
function reportMissing(table: Table, edition: Edition, first: number, last: number): void {
  const key = batchKeyOf(edition, first);
  const named = `${key.pk} / ${key.sk}`;
  const message =
    last > first
      ? `the batches ${named} to ${batchKeyOf(edition, last).sk} are missing, so the audit cannot count their digests`
      : `the batch ${named} is missing, so the audit cannot count its digests`;
  table.onUnreadable?.(new UnreadableItemError(table.name, { ...key }, ['missing'], message));
}

function toKeptBatch({ subscriberIds, counts, used }: EditionBatch): KeptBatch {
  return { subscriberIds, isSettled: counts !== undefined, used: usageSchema.safeParse(used).data };
}

function nameOf({ pk, sk }: { readonly pk: string; readonly sk: string }): string {
  return `${pk} ${sk}`;
}

/** Later than any edition. */
const UNKNOWN_TIME: Instant = '9999-12-31T23:59:59.999Z';

/** A cohort without a joining time may have been joined at any time. */
const joinedSchema = z.object({ lastJoinedAt: z.iso.datetime().catch(UNKNOWN_TIME) });

/** Cohorts in the `Subscribers` table, with the time of the last write. */
export function createAuditedCohorts(table: Table): AuditedCohorts {
  const { loadMembers } = createCohortRepository(table);
  return {
    async loadAll() {
      const items = await permitted('dynamodb:Query', () => queryPartition(table, COHORTS_PARTITION));
      return items.flatMap((item) => {
        const [cohort] = findItems(table, storedCohortSchema, [item]);
        return cohort ? [{ cohort, ...joinedSchema.parse(item) }] : [];
      });
    },

    async hasMembers(cohort) {
      const members = await permitted('dynamodb:Query', () => loadMembers(cohort, undefined, 1));
      return members.length > 0;
    },
  };
}
