import type { ListId } from '../../domain/lists/lists.ts';
import { addDays, type Clock, type Day, daysOfMonth, type Month, utcDayOf } from '../../domain/time/time.ts';
import type { ArchiveRepository, ReadableMonth, UnusableMonth } from '../../ports/archive.ts';
import { SNAPSHOT_DAYS } from '../../ports/snapshots.ts';
import { sealSegment } from '../../snapshots/segment.ts';
import { type IndexPapersPorts, indexPapers } from './index-papers.ts';
import { loadListedPapers } from './load-listed-papers.ts';

export interface WriteSegmentPorts extends IndexPapersPorts {
  readonly archive: ArchiveRepository;
  readonly clock: Clock;
}

/** How many papers a segment has at most. Building one takes about 9 KB of memory for each. */
export const MAX_SEGMENT_PAPERS = 5_000;

/**
 * Writes the next segment of a month. First puts its papers into the index outside this process, if there is one. A search reads the new
 * segments only after the last one is written. A month without papers gets none.
 *
 * @returns the month, and how many papers the segment has. Undefined if another writer changed the month meanwhile.
 */
export async function writeSegment(
  ports: WriteSegmentPorts,
  lists: readonly ListId[],
  month: Month,
  previous: ReadableMonth | UnusableMonth | undefined,
  maxPapers = MAX_SEGMENT_PAPERS,
): Promise<{ readonly saved: ReadableMonth; readonly papers: number } | undefined> {
  const { archive, clock } = ports;
  const known = previous?.kind === 'month' ? previous : undefined;
  const begun = known?.inWriting;
  const settledUntil = begun?.settledUntil ?? lastSettledDay(month, utcDayOf(clock.now()));
  const { listed, continueAfter } = await loadListedPapers(
    ports,
    lists,
    daysOfMonth(month),
    begun?.after,
    maxPapers,
  );
  await indexPapers(ports, listed);
  const written =
    listed.length > 0 ? [await archive.saveSegment(month, sealSegment(listed), listed.length)] : [];
  const segments = [...(begun?.segments ?? []), ...written];
  const saved = await archive.saveMonth(
    continueAfter
      ? {
          month,
          segments: known?.segments,
          checkedUntil: known?.checkedUntil,
          inWriting: { segments, after: continueAfter, settledUntil },
        }
      : { month, segments, checkedUntil: settledUntil, inWriting: undefined },
    previous,
  );
  return saved && { saved, papers: listed.length };
}

/** Returns the last day of a month, or the newest day that is too old for a snapshot if that is earlier. It may be before the month. */
export function lastSettledDay(month: Month, today: Day): Day {
  const lastDay = daysOfMonth(month).at(-1) ?? today;
  const lastOld = addDays(today, -SNAPSHOT_DAYS - 1);
  return lastDay < lastOld ? lastDay : lastOld;
}
