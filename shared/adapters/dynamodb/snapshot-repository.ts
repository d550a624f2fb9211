import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/time/time.ts';
import {
  type ListDay,
  SNAPSHOT_FORMAT,
  type SnapshotHeader,
  type SnapshotRepository,
  type StoredBytes,
  type UnusableHeader,
} from '../../ports/snapshots.ts';
import { type Expression, IS_NEW, isUnwritten, putIf } from './conditional-write.ts';
import { partKeysOf } from './part-reader.ts';
import { deleteParts, deleteStrayParts, saveParts } from './part-writer.ts';
import { createSnapshotReader, headerKeyOf, partPartitionOf, snapshotPartsOf } from './snapshot-reader.ts';
import type { ItemKey, Table } from './table.ts';

/** Each batch of digests reads the headers again. More bytes than this are in parts, which are read only when they changed. */
const MAX_INLINE_VOTES = 50_000;
/** The text of a day without papers. */
const MAX_INLINE_TEXT = 500;

/**
 * Snapshots of list-days in the `Papers` table, under the keys of {@link createSnapshotReader}.
 *
 * Each write names its parts after itself, so a part never changes. It writes the parts, then the header, then deletes the parts of
 * the header that it replaced. A reader with the old header may find those gone, and reads the new one.
 */
export function createSnapshotRepository(table: Table, clock: Clock): SnapshotRepository {
  const reader = createSnapshotReader(table);

  const store = async (
    listDay: ListDay,
    name: string,
    bytes: Uint8Array,
    maxInline: number,
  ): Promise<StoredBytes> => {
    if (bytes.byteLength <= maxInline) return { kind: 'inline', bytes };
    const partition = partPartitionOf(listDay);
    return { kind: 'parts', name, parts: await saveParts(table, { partition, name }, bytes, clock.now()) };
  };

  const loadHeader = async ({ list, day }: ListDay) => (await reader.loadHeaders(list, day, day))[0];

  return {
    ...reader,

    async save(listDay, { text, state }, previous) {
      const version = randomUUID();
      const stored = {
        text:
          text === 'same'
            ? sameTextAs(previous)
            : await store(listDay, `${version}-text`, text, MAX_INLINE_TEXT),
        state: await store(listDay, `${version}-votes`, state, MAX_INLINE_VOTES),
      };
      const item = {
        ...headerKeyOf(listDay),
        format: SNAPSHOT_FORMAT,
        writtenAt: clock.now(),
        text: stored.text,
        votes: stored.state,
      };
      const isSaved = await putIf(table, isStill(previous), item, version);
      // If the write was repeated, another one may have replaced it and kept its text.
      const kept = isSaved ? stored : await loadHeader(listDay);
      const written = isSaved ? previous : stored;
      await deleteParts(table, partKeys(listDay, written, kept));
      return isSaved;
    },

    async deleteStrayParts(header, before) {
      const named = partKeys(header, header, undefined);
      await deleteStrayParts(table, partPartitionOf(header), named, before);
    },
  };
}

type Stored = Pick<SnapshotHeader, 'text' | 'state'>;

/** Returns the keys of the parts of a snapshot, without those that another one has too. */
function partKeys(
  listDay: ListDay,
  header: Stored | UnusableHeader | undefined,
  kept: Stored | UnusableHeader | undefined,
): readonly ItemKey[] {
  if (!header || !('text' in header)) return [];
  const names = kept && 'text' in kept ? [kept.text, kept.state].map(nameOf) : [];
  const stored = [header.text, header.state].flatMap((half) => snapshotPartsOf(listDay, half) ?? []);
  return stored.filter(({ name }) => !names.includes(name)).flatMap(partKeysOf);
}

function nameOf(stored: StoredBytes): string | undefined {
  return stored.kind === 'parts' ? stored.name : undefined;
}

function sameTextAs(previous: SnapshotHeader | UnusableHeader | undefined): StoredBytes {
  if (previous?.kind === 'snapshot') return previous.text;
  throw new Error('there is no previous snapshot whose text could stay');
}

/** Holds while the header is as it was loaded. */
function isStill(previous: SnapshotHeader | UnusableHeader | undefined): Expression {
  return previous ? isUnwritten({ writeId: previous.version }) : IS_NEW;
}
