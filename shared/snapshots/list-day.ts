import type { Paper, PaperId } from '../domain/paper.ts';
import type { DayIndex } from '../matching/day-index.ts';
import { buildDayIndex } from '../matching/day-index.ts';
import type { ListDay } from '../ports/snapshots.ts';
import { DamagedError } from './sealed.ts';
import type { Texts } from './texts.ts';
import { inOrder, type PaperVotes, textOf, toVotes, type Votes } from './votes.ts';

/** The papers of one list on one day, in order of their ids. */
export interface ListDayPapers extends ListDay {
  readonly ids: readonly PaperId[];
  /** The words of these papers, in the same order. */
  readonly index: DayIndex;
  /** Of these papers, in the same order. */
  readonly votes: readonly PaperVotes[];
  /** Returns one paper. It decodes only that one. */
  paperAt(position: number): Paper;
}

/**
 * Puts the two halves of a snapshot together.
 *
 * @throws DamagedError if they are not of the same papers
 */
export function joinHalves(listDay: ListDay, texts: Texts, { ids, votes }: Votes): ListDayPapers {
  if (texts.ids.join() !== ids.join())
    throw new DamagedError('the texts and the votes have different papers');
  return {
    list: listDay.list,
    day: listDay.day,
    ids,
    index: texts.index,
    votes,
    paperAt(position) {
      const moving = votes[position];
      if (!moving) throw new RangeError(`no paper at ${position}; there are ${votes.length}`);
      return { ...texts.textAt(position), ...moving };
    },
  };
}

/** Indexes papers in memory, for a list-day without a usable snapshot. */
export function toListDayPapers({ list, day }: ListDay, papers: readonly Paper[]): ListDayPapers {
  const sorted = inOrder(papers);
  const { ids, votes } = toVotes(sorted);
  const texts = { ids, index: buildDayIndex(sorted), textAt: (at: number) => textOf(sorted[at] as Paper) };
  return joinHalves({ list, day }, texts, { ids, votes, textHashes: [] });
}
