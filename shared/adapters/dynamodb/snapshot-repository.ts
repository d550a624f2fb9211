import { randomUUID } from 'node:crypto';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Clock } from '../../domain/time.ts';
import {
  type ListDay,
  SNAPSHOT_FORMAT,
  type SnapshotHeader,
  type SnapshotRepository,
  type StoredBytes,
  type UnusableHeader,
} from '../../ports/snapshots.ts';
import { type Expression, IS_NEW, isUnwritten, putIf } from './conditional-write.ts';
import { headerKeyOf, loadHeaders, loadParts, partKeysOf, partPartitionOf } from './snapshot-reader.ts';
import { type ItemKey, queryEach, type Table } from './table.ts';

/** An item holds at most 400 KB, with its keys. */
const MAX_PART_BYTES = 350_000;

/** Each batch of digests reads the headers again. More bytes than this are in parts, which are read only when they changed. */
const MAX_INLINE_VOTES = 50_000;
/** The text of a day without papers. */
const MAX_INLINE_TEXT = 500;

const WRITES_AT_ONCE = 4;

/**
 * Snapshots of list-days in the `Papers` table, under the keys of {@link createSnapshotReader}.
 *
 * Each write names its parts after itself, so a part never changes. It writes the parts, then the header, then deletes the parts of
 * the header that it replaced. A reader with the old header may find those gone, and reads the new one.
 */
export function createSnapshotRepository(table: Table, clock: Clock): SnapshotRepository {
  const deleteParts = (keys: readonly ItemKey[]) =>
    pMap(keys, (Key) => table.documents.send(new DeleteCommand({ TableName: table.name, Key })), {
      concurrency: WRITES_AT_ONCE,
    });

  const store = async (
    listDay: ListDay,
    name: string,
    bytes: Uint8Array,
    maxInline: number,
  ): Promise<StoredBytes> => {
    if (bytes.byteLength <= maxInline) return { kind: 'inline', bytes };
    const stored = { kind: 'parts', name, parts: Math.ceil(bytes.byteLength / MAX_PART_BYTES) } as const;
    const writtenAt = clock.now();
    await pMap(
      partKeysOf(listDay, stored).entries(),
      ([nth, key]) => {
        const part = bytes.subarray(nth * MAX_PART_BYTES, (nth + 1) * MAX_PART_BYTES);
        const Item = { ...key, bytes: part, writtenAt };
        return table.documents.send(new PutCommand({ TableName: table.name, Item }));
      },
      { concurrency: WRITES_AT_ONCE },
    );
    return stored;
  };

  const loadHeader = async ({ list, day }: ListDay) => (await loadHeaders(table, list, day, day))[0];

  return {
    loadHeaders: (list, first, last) => loadHeaders(table, list, first, last),
    loadParts: (wanted) => loadParts(table, wanted),

    async save(listDay, { text, votes }, previous) {
      const version = randomUUID();
      const stored = {
        text:
          text === 'same'
            ? sameTextAs(previous)
            : await store(listDay, `${version}-text`, text, MAX_INLINE_TEXT),
        votes: await store(listDay, `${version}-votes`, votes, MAX_INLINE_VOTES),
      };
      const item = { ...headerKeyOf(listDay), format: SNAPSHOT_FORMAT, writtenAt: clock.now(), ...stored };
      const isSaved = await putIf(table, isStill(previous), item, version);
      // If the write was repeated, another one may have replaced it and kept its text.
      const kept = isSaved ? stored : await loadHeader(listDay);
      const written = isSaved ? previous : stored;
      await deleteParts(partsOf(listDay, written, kept));
      return isSaved;
    },

    async deleteStrayParts(header, before) {
      const named = new Set(partsOf(header, header, undefined).map(({ sk }) => sk));
      const stray: ItemKey[] = [];
      const parts = queryEach(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partPartitionOf(header) },
      });
      for await (const { pk, sk, writtenAt } of parts) {
        if (!named.has(String(sk)) && String(writtenAt) < before)
          stray.push({ pk: String(pk), sk: String(sk) });
      }
      await deleteParts(stray);
    },
  };
}

type Stored = Pick<SnapshotHeader, 'text' | 'votes'>;

/** Returns the keys of the parts of a snapshot, without those that another one has too. */
function partsOf(
  listDay: ListDay,
  header: Stored | UnusableHeader | undefined,
  kept: Stored | UnusableHeader | undefined,
): readonly ItemKey[] {
  if (!header || !('text' in header)) return [];
  const names = kept && 'text' in kept ? [kept.text, kept.votes].map(nameOf) : [];
  return [header.text, header.votes].flatMap((stored) =>
    stored.kind === 'parts' && !names.includes(stored.name) ? partKeysOf(listDay, stored) : [],
  );
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
  return previous ? isUnwritten({ kind: 'unreadable', writeId: previous.version }) : IS_NEW;
}
