import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/time/time.ts';
import {
  ARCHIVE_FORMAT,
  type ArchiveRepository,
  type ReadableMonth,
  segmentsOf,
} from '../../ports/archive.ts';
import { createArchiveReader, monthKeyOf, segmentPartitionOf, segmentPartsOf } from './archive-reader.ts';
import { IS_NEW, isUnwritten, putIf } from './conditional-write.ts';
import { partKeysOf } from './part-reader.ts';
import { deleteParts, deleteStrayParts, saveParts } from './part-writer.ts';
import type { ItemKey, Table } from './table.ts';

/** The archive in the `Papers` table, under the keys of {@link createArchiveReader}. */
export function createArchiveRepository(table: Table, clock: Clock): ArchiveRepository {
  return {
    ...createArchiveReader(table),

    async saveSegment(month, sealed, papers) {
      const name = randomUUID();
      const partition = segmentPartitionOf(month);
      return { name, parts: await saveParts(table, { partition, name }, sealed, clock.now()), papers };
    },

    async saveMonth({ month, segments, checkedUntil, inWriting }, previous) {
      const version = randomUUID();
      const writtenAt = clock.now();
      const condition = previous ? isUnwritten({ writeId: previous.version }) : IS_NEW;
      const fields = { segments, checkedUntil, inWriting };
      const item = { ...monthKeyOf(month), format: ARCHIVE_FORMAT, writtenAt, ...fields };
      if (!(await putIf(table, condition, item, version))) return undefined;
      const saved: ReadableMonth = { kind: 'month', month, version, writtenAt, ...fields };
      if (previous?.kind === 'month') await deleteParts(table, replacedParts(previous, saved));
      return saved;
    },

    async deleteStraySegments(month, before) {
      const named = segmentsOf(month).flatMap((segment) => partKeysOf(segmentPartsOf(month.month, segment)));
      await deleteStrayParts(table, segmentPartitionOf(month.month), named, before);
    },
  };
}

function replacedParts(previous: ReadableMonth, saved: ReadableMonth): readonly ItemKey[] {
  const kept = new Set(segmentsOf(saved).map(({ name }) => name));
  const replaced = segmentsOf(previous).filter(({ name }) => !kept.has(name));
  return replaced.flatMap((segment) => partKeysOf(segmentPartsOf(previous.month, segment)));
}
