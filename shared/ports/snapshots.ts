import type { ListId } from '../domain/lists/lists.ts';
import { LOOK_BACK_DAYS } from '../domain/subscribers/cadence.ts';
import type { Day, Instant } from '../domain/time/time.ts';

/**
 * The format of stored snapshots. Raise it with each change of `shared/snapshots/`, `shared/matching/` or the type `Paper` that writes
 * other bytes for the same papers. A snapshot in another format counts as missing, and ingest writes it again.
 */
export const SNAPSHOT_FORMAT = 3;

/** Each list-day of this many days before today has a snapshot. The monthly digest looks back as far. */
export const SNAPSHOT_DAYS = Math.max(...Object.values(LOOK_BACK_DAYS));

/** One list on one day, without its papers. */
export interface ListDay {
  readonly list: ListId;
  readonly day: Day;
}

/** Returns a key for a list-day in memory: `hf-daily 2026-01-05`. */
export function listDayKeyOf({ list, day }: ListDay): string {
  return `${list} ${day}`;
}

/** Stored bytes: in the header itself if they are few, else in parts of their own. */
export type StoredBytes =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'parts'; readonly name: string; readonly parts: number };

/** What is known of a snapshot without its parts. */
export interface SnapshotHeader extends ListDay {
  readonly kind: 'snapshot';
  /** Changes with every write. */
  readonly version: string;
  /** When it was written. */
  readonly writtenAt: Instant;
  /** The texts and their index. They change seldom. */
  readonly text: StoredBytes;
  /** The ids of the papers, a hash of each text, and the votes. They change often. */
  readonly state: StoredBytes;
}

/** A header that this release cannot use: in another format, or damaged. It is replaced like any other. */
export interface UnusableHeader extends ListDay {
  readonly kind: 'outdated' | 'damaged';
  /** The raw id of its last write. Undefined if it has none. */
  readonly version: unknown;
}

export interface SnapshotReader {
  /** Loads the header of each day from `first` to `last` that has one. It sees every write that ended before the call. */
  loadHeaders(list: ListId, first: Day, last: Day): Promise<readonly (SnapshotHeader | UnusableHeader)[]>;
  /** Loads what is in parts, by name. Leaves out bytes with a missing part. */
  loadParts(
    wanted: readonly (ListDay & { readonly stored: StoredBytes })[],
  ): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** The content of a snapshot, each half as sealed bytes. */
interface NewSnapshot {
  /** `same` keeps the text of the previous snapshot. */
  readonly text: Uint8Array | 'same';
  readonly state: Uint8Array;
}

export interface SnapshotRepository extends SnapshotReader {
  /**
   * Saves the snapshot of a list-day, unless another writer replaced `previous`. Readers see the old or the new one, never a mixture.
   * Returns whether it was saved.
   */
  save(
    listDay: ListDay,
    snapshot: NewSnapshot,
    previous: SnapshotHeader | UnusableHeader | undefined,
  ): Promise<boolean>;
  /** Deletes parts that no snapshot names. They were written before `before`, by a writer that then died or met a conflict. */
  deleteStrayParts(header: SnapshotHeader, before: Instant): Promise<void>;
}
