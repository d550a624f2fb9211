import type { ListId } from '../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import type { OpenDay } from './open-day.ts';
import { fromNumbers, type PaperSet } from './paper-set.ts';
import { createBloomFilter, type SearchedDays, type WindowDay } from './word-papers.ts';

/** The papers of one list on one day. */
export interface WindowPart {
  readonly list: ListId;
  /** The index of `papers`, in their order. */
  readonly index: OpenDay;
  /** The papers with their current votes. */
  readonly papers: readonly Paper[];
}

/** The papers of several parts, numbered from 0. */
export interface CombinedParts {
  readonly papers: readonly Paper[];
  readonly numberOf: ReadonlyMap<PaperId, number>;
  readonly lists: ReadonlyMap<ListId, PaperSet>;
  readonly searched: SearchedDays;
}

/**
 * Numbers the papers of the parts, oldest part first, and keeps the indexes as they are. A paper of several parts counts once: with the
 * texts of the last part and the lists of all.
 */
export function combineParts(parts: readonly WindowPart[]): CombinedParts {
  const { numberOf, days } = numberPapers(
    parts.map(({ index, papers }) => ({ index, ids: papers.map(({ id }) => id) })),
  );
  const searched = toSearchedDays(days, numberOf.size);
  const papers = Array.from(searched.dayOf, (part, number) => {
    const paper = parts[part]?.papers[searched.indexInDay[number] ?? 0];
    if (!paper) throw new Error('a part has fewer papers than its index');
    return paper;
  });
  return { papers, numberOf, lists: toLists(parts, numberOf), searched };
}

/** Papers that are numbered from 0, and the number of each paper of each index. */
interface NumberedPapers {
  readonly numberOf: ReadonlyMap<PaperId, number>;
  readonly days: readonly WindowDay[];
}

/** Numbers the papers of the indexes, oldest first. A paper of several indexes counts once, with the texts of the last one. */
export function numberPapers(
  parts: readonly { readonly index: OpenDay; readonly ids: readonly PaperId[] }[],
): NumberedPapers {
  // At first it has the last part of each paper, as a negative number. So one map is enough.
  const numberOf = new Map<PaperId, number>();
  for (let part = 0; part < parts.length; part += 1)
    for (const id of parts[part]?.ids ?? []) numberOf.set(id, -1 - part);

  let paperCount = 0;
  const days = parts.map(({ index, ids }, day) => {
    const numbers = new Int32Array(ids.length).fill(-1);
    for (let at = 0; at < ids.length; at += 1) {
      const id = ids[at] ?? '';
      if (numberOf.get(id) !== -1 - day) continue;
      numberOf.set(id, paperCount);
      numbers[at] = paperCount;
      paperCount += 1;
    }
    return { index, numbers };
  });
  return { numberOf, days };
}

/** Prepares the indexes of the days for searches. */
export function toSearchedDays(days: readonly WindowDay[], paperCount: number): SearchedDays {
  for (const { index } of days) index.prepare();
  return { days, paperCount, ...locatePapers(days, paperCount), filter: createBloomFilter(days) };
}

/** Returns the day and index of each paper. */
export function locatePapers(
  days: readonly Pick<WindowDay, 'numbers'>[],
  paperCount: number,
): Pick<SearchedDays, 'dayOf' | 'indexInDay'> {
  const dayOf = new Uint16Array(paperCount);
  const indexInDay = new Uint32Array(paperCount);
  for (const [day, { numbers }] of days.entries()) locateDay(day, numbers, dayOf, indexInDay);
  return { dayOf, indexInDay };
}

function locateDay(day: number, numbers: Int32Array, dayOf: Uint16Array, indexInDay: Uint32Array): void {
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at] ?? -1;
    if (number < 0) continue;
    dayOf[number] = day;
    indexInDay[number] = at;
  }
}

function toLists(
  parts: readonly WindowPart[],
  numberOf: ReadonlyMap<PaperId, number>,
): ReadonlyMap<ListId, PaperSet> {
  const numbers = new Map<ListId, number[]>();
  for (const { list, papers } of parts) {
    const listed = numbers.get(list) ?? [];
    for (const { id } of papers) listed.push(numberOf.get(id) ?? -1);
    numbers.set(list, listed);
  }
  return new Map([...numbers].map(([list, listed]) => [list, fromNumbers(listed, numberOf.size)]));
}
