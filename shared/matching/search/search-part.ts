import type { ListId } from '../../domain/lists.ts';
import type { Paper, PaperId } from '../../domain/paper.ts';
import type { Day } from '../../domain/time.ts';
import { type DayIndex, fieldOf, indexedFields, TERM_SHIFT } from '../index/day-index.ts';
import { type OpenDay, openDay } from '../index/open-day.ts';
import { buildPaperColumns, idsOf, type PaperColumns } from './paper-columns.ts';

/** The words of some papers, and what else a search knows of them. A corpus has one part or more. It never changes. */
export interface SearchPart {
  readonly index: OpenDay;
  readonly columns: PaperColumns;
  readonly ids: readonly PaperId[];
  /** How many words each field of each paper has: those of the first paper in the order of `indexedFields`, and so on. */
  readonly lengths: Uint16Array;
}

/**
 * Opens a part whose index and columns were stored. Both have the same papers, in the same order.
 *
 * @param lengths the lengths of the fields, if they are known
 */
export function openSearchPart(
  index: DayIndex | OpenDay,
  columns: PaperColumns,
  lengths: Uint16Array = toLengths(index),
): SearchPart {
  return { index: 'places' in index ? index : openDay(index), columns, ids: idsOf(columns), lengths };
}

/** Returns the papers of one list on one day as a part of a corpus. It keeps their index. */
export function toSearchPart(listDay: {
  readonly list: ListId;
  readonly day: Day;
  readonly index: OpenDay;
  readonly papers: readonly Paper[];
}): SearchPart {
  const { list, day, index, papers } = listDay;
  const listings = [{ list, day }];
  return openSearchPart(index, buildPaperColumns(papers.map((paper) => ({ paper, listings }))));
}

/** Longer fields count as so long. */
export const MAX_LENGTH = 0xffff;

/** Counts the words of each field of each paper. */
export function toLengths({ words, paperEnds }: DayIndex): Uint16Array {
  const fields = indexedFields.length;
  const lengths = new Uint16Array(paperEnds.length * fields);
  let place = 0;
  for (let paper = 0; paper < paperEnds.length; paper += 1) {
    const end = paperEnds[paper] ?? 0;
    for (; place < end; place += 1) {
      const word = words[place] ?? 0;
      // The gap after a field is no word.
      if (word >>> TERM_SHIFT === 0) continue;
      const at = paper * fields + fieldOf(word);
      const length = lengths[at] ?? 0;
      if (length < MAX_LENGTH) lengths[at] = length + 1;
    }
  }
  return lengths;
}
