import type { PaperId } from '../domain/papers/paper.ts';
import type { Day, Instant, Month } from '../domain/time/time.ts';

/**
 * The format of stored segments. Raise it with each change of `shared/snapshots/segment.ts`, `shared/matching/` or the type `Paper` that
 * writes other bytes for the same papers. A month in another format counts as missing, and ingest writes it again.
 */
export const ARCHIVE_FORMAT = 3;

/** Up to a few thousand papers of a month, as sealed bytes in parts. A segment never changes. */
export interface StoredSegment {
  readonly name: string;
  readonly parts: number;
  readonly papers: number;
}

/** A position among the papers of a month, which are in order of day and id. */
export interface ArchivePosition {
  readonly day: Day;
  readonly id: PaperId;
}

/** A month whose segments are being written, one after another. */
interface MonthInWriting {
  readonly segments: readonly StoredSegment[];
  /** The last paper of the last segment. */
  readonly after: ArchivePosition;
  /** The newest day that was too old for a snapshot when the first segment was begun. Such a day changes only if it is read again. */
  readonly settledUntil: Day;
}

/** What the archive has of a month. It may be incomplete: see `segments`. */
export interface ReadableMonth {
  readonly kind: 'month';
  readonly month: Month;
  /** Changes with every write. */
  readonly version: string;
  readonly writtenAt: Instant;
  /** The segments with all papers of the month, none if it has no papers. Undefined while they are written for the first time. */
  readonly segments: readonly StoredSegment[] | undefined;
  /** The segments have the papers of each day up to this one as they are in the table. Later days may have changed since. */
  readonly checkedUntil: Day | undefined;
  readonly inWriting: MonthInWriting | undefined;
}

/** A month that this release cannot use: in another format, or damaged. It is replaced like any other. */
export interface UnusableMonth {
  readonly kind: 'outdated' | 'damaged';
  readonly month: Month;
  /** The raw id of its last write. Undefined if it has none. */
  readonly version: unknown;
}

export interface ArchiveReader {
  /** Loads what the archive has of each month, the oldest first. It sees every write that ended before the call. */
  loadMonths(): Promise<readonly (ReadableMonth | UnusableMonth)[]>;
  /** Undefined if a part is missing. */
  loadSegment(month: Month, segment: StoredSegment): Promise<Uint8Array | undefined>;
}

export interface ArchiveRepository extends ArchiveReader {
  /** Saves the bytes of a segment. No reader sees them until a month names them. */
  saveSegment(month: Month, sealed: Uint8Array, papers: number): Promise<StoredSegment>;
  /**
   * Saves what the archive has of a month, unless another writer replaced `previous`. Returns the saved month, or undefined. Segments that
   * it no longer names are deleted.
   */
  saveMonth(
    month: Pick<ReadableMonth, 'month' | 'segments' | 'checkedUntil' | 'inWriting'>,
    previous: ReadableMonth | UnusableMonth | undefined,
  ): Promise<ReadableMonth | undefined>;
  /** Deletes segments that the month does not name. They were written before `before`, by a writer that then died or met a conflict. */
  deleteStraySegments(month: ReadableMonth, before: Instant): Promise<void>;
}

/** Returns every segment that a month names. */
export function segmentsOf({
  segments = [],
  inWriting,
}: Pick<ReadableMonth, 'segments' | 'inWriting'>): readonly StoredSegment[] {
  return [...segments, ...(inWriting?.segments ?? [])];
}
