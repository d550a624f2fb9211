import type { ListId } from '../../domain/lists.ts';
import type { Paper, PaperId } from '../../domain/paper.ts';
import type { OpenDay } from './open-day.ts';
import { fromNumbers, type PaperSet } from './paper-set.ts';
import { createTermFilter, type SearchedDays } from './word-papers.ts';

/** The papers of one list on one day. */
export interface WindowPart {
  readonly list: ListId;
  /** The index of `papers`, in their order. */
  readonly index: OpenDay;
  /** The papers with their current votes. */
  readonly papers: readonly Paper[];
}

/** The papers of some parts, numbered from 0. */
export interface CombinedParts {
  readonly papers: readonly Paper[];
  readonly numberOf: ReadonlyMap<PaperId, number>;
  readonly lists: ReadonlyMap<ListId, PaperSet>;
  readonly searched: SearchedDays;
}

/**
 * Numbers the papers of some parts, oldest part first, and keeps the indexes as they are. A paper of several parts counts once: with the
 * texts of the last one, and with the lists of all.
 */
export function combineParts(parts: readonly WindowPart[]): CombinedParts {
  const lastPartOf = new Map<PaperId, number>();
  for (const [part, { papers }] of parts.entries()) {
    for (const { id } of papers) lastPartOf.set(id, part);
  }

  const papers: Paper[] = [];
  const numberOf = new Map<PaperId, number>();
  const dayOf: number[] = [];
  const placeInDay: number[] = [];
  const days = parts.map((part, day) => {
    const numbers = new Int32Array(part.papers.length).fill(-1);
    for (const [place, paper] of part.papers.entries()) {
      if (lastPartOf.get(paper.id) !== day || numberOf.has(paper.id)) continue;
      numbers[place] = papers.length;
      numberOf.set(paper.id, papers.length);
      papers.push(paper);
      dayOf.push(day);
      placeInDay.push(place);
    }
    return { index: part.index, numbers };
  });

  const paperCount = papers.length;
  return {
    papers,
    numberOf,
    lists: toLists(parts, numberOf),
    searched: {
      days,
      paperCount,
      filter: createTermFilter(days),
      dayOf: Uint16Array.from(dayOf),
      placeInDay: Uint32Array.from(placeInDay),
    },
  };
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
