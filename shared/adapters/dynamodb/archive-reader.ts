import { paperIdSchema } from '../../domain/papers/paper.ts';
import type { Month } from '../../domain/time/time.ts';
import { daySchema, instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import {
  ARCHIVE_FORMAT,
  type ArchiveReader,
  type ReadableMonth,
  type StoredSegment,
  type UnusableMonth,
} from '../../ports/archive.ts';
import { loadParts, type StoredParts } from './part-reader.ts';
import { findItem, type Item } from './stored-item.ts';
import { type ItemKey, queryPartition, type Table } from './table.ts';

const segmentSchema = z.object({
  name: z.string().check(z.minLength(1)),
  parts: z.int().check(z.positive()),
  papers: z.int().check(z.positive()),
});

const monthSchema = z.object({
  format: z.literal(ARCHIVE_FORMAT),
  writeId: z.string().check(z.minLength(1)),
  writtenAt: instantSchema,
  segments: z.optional(z.array(segmentSchema)),
  checkedUntil: z.optional(daySchema),
  inWriting: z.optional(
    z.object({
      segments: z.array(segmentSchema),
      after: z.object({ day: daySchema, id: paperIdSchema }),
      settledUntil: daySchema,
    }),
  ),
});

const otherFormatSchema = z.object({
  format: z.int().check(z.refine((format) => format !== ARCHIVE_FORMAT)),
});

const MONTHS_PARTITION = 'ARCHIVE';

/**
 * Reads the archive in the `Papers` table. A month is at `ARCHIVE` / `<month>`, and the parts of its segments are at `ARCHIVE#<month>` /
 * `<name>#<number>`.
 */
export function createArchiveReader(table: Table): ArchiveReader {
  return {
    async loadMonths() {
      // A few hundred bytes for each month of the last decades.
      const items = await queryPartition(table, MONTHS_PARTITION);
      return items.map((item) => toMonth(table, item));
    },

    async loadSegment(month, segment) {
      const stored = segmentPartsOf(month, segment);
      return (await loadParts(table, [stored])).get(segment.name);
    },
  };
}

function toMonth(table: Table, item: Item): ReadableMonth | UnusableMonth {
  const month = String(item.sk);
  const isOutdated = otherFormatSchema.safeParse(item).success;
  const read = isOutdated ? undefined : findItem(table, monthSchema, item);
  if (!read) return { kind: isOutdated ? 'outdated' : 'damaged', month, version: item.writeId };
  const { writeId, writtenAt, segments, checkedUntil, inWriting } = read;
  return { kind: 'month', month, version: writeId, writtenAt, segments, checkedUntil, inWriting };
}

export function monthKeyOf(month: Month): ItemKey {
  return { pk: MONTHS_PARTITION, sk: month };
}

export function segmentPartitionOf(month: Month): string {
  return `ARCHIVE#${month}`;
}

export function segmentPartsOf(month: Month, { name, parts }: StoredSegment): StoredParts {
  return { partition: segmentPartitionOf(month), name, parts };
}
