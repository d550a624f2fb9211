import type { ListId } from '../../domain/lists/lists.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import type { Day, Month } from '../../domain/time/time.ts';
import { linesOf, toDay } from '../../matching/search/paper-columns.ts';
import type { ArchiveReader, StoredSegment } from '../../ports/archive.ts';
import { undefinedIfDamaged } from '../../snapshots/sealed.ts';
import { hashOfPaper, openSegment, type Segment } from '../../snapshots/segment.ts';
import { type ListedPapersPorts, loadListedPapers } from './load-listed-papers.ts';

/** Loads the segments of a month. Leaves out missing and damaged ones. */
export async function findIntactSegments(
  archive: ArchiveReader,
  month: Month,
  segments: readonly StoredSegment[],
): Promise<readonly Segment[]> {
  const intact: Segment[] = [];
  for (const stored of segments) {
    const sealed = await archive.loadSegment(month, stored);
    const segment = sealed && undefinedIfDamaged(() => openSegment(sealed));
    if (segment) intact.push(segment);
  }
  return intact;
}

/** Returns whether the segments of a month have the same papers as the table on each of these days. */
export async function matchesTable(
  ports: ListedPapersPorts,
  lists: readonly ListId[],
  days: readonly Day[],
  segments: readonly Segment[],
): Promise<boolean> {
  const archived = new Set(segments.flatMap((segment) => toListingLines(segment, days)));
  const { listed } = await loadListedPapers(ports, lists, days, undefined, Number.POSITIVE_INFINITY);
  const stored = listed.flatMap(({ paper, listings }) =>
    listings.map(({ list, day }) => toListingLine(list, day, paper.id, hashOfPaper(paper))),
  );
  return stored.length === archived.size && stored.every((line) => archived.has(line));
}

/** Returns a line for each listing on the days. */
function toListingLines({ part, hashes }: Segment, days: readonly Day[]): readonly string[] {
  const { columns, ids } = part;
  const lists = linesOf(columns.lists);
  const hashOf = hashes();
  return ids.flatMap((id, at) => {
    const end = columns.listingEnds[at] ?? 0;
    const lines: string[] = [];
    for (let listing = columns.listingEnds[at - 1] ?? 0; listing < end; listing += 1) {
      const day = toDay(columns.listingDays[listing] ?? 0);
      if (!days.includes(day)) continue;
      lines.push(toListingLine(lists[columns.listingLists[listing] ?? 0] ?? '', day, id, hashOf.get(id)));
    }
    return lines;
  });
}

function toListingLine(list: ListId, day: Day, id: PaperId, hash: string | undefined): string {
  return `${list} ${day} ${id} ${hash}`;
}
