import type { ListId } from '../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import type { Day } from '../../domain/time/time.ts';
import type { OpenDay } from '../index/open-day.ts';
import { buildPaperColumns, idsOf, type PaperColumns } from './paper-columns.ts';

/** The words of papers, and what else a search knows of them. A corpus has one part or more. It is immutable. */
export interface SearchPart {
  readonly index: OpenDay;
  readonly columns: PaperColumns;
  readonly ids: readonly PaperId[];
  /** The papers themselves. Stored parts have none, because they hold old papers. */
  readonly papers?: readonly Paper[];
}

/** Opens a part whose index and columns were stored. Both have the same papers, in the same order. */
export function openSearchPart(index: OpenDay, columns: PaperColumns): SearchPart {
  return { index, columns, ids: idsOf(columns) };
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
  const columns = buildPaperColumns(papers.map((paper) => ({ paper, listings })));
  return { ...openSearchPart(index, columns), papers };
}
