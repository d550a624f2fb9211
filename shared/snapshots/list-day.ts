import type { Paper, PaperId } from '../domain/papers/paper.ts';
import type { Instant } from '../domain/time/time.ts';
import type { WindowPart } from '../matching/index/combine-parts.ts';
import { buildDayIndex } from '../matching/index/day-index.ts';
import { openDay } from '../matching/index/open-day.ts';
import type { ListDay } from '../ports/snapshots.ts';
import { DamagedError } from './sealed.ts';
import { inOrder, type SnapshotState } from './snapshot-state.ts';
import type { Texts } from './texts.ts';

/** The papers of one list on one day, in order of their ids. */
export interface ListDayPapers extends ListDay, WindowPart {
  readonly ids: readonly PaperId[];
  /** When their snapshot was written, otherwise when the newest of them was first seen. Papers that were listed later are missing. */
  readonly asOf?: Instant | undefined;
}

/**
 * Puts the two halves of a snapshot together.
 *
 * @throws DamagedError if the halves have different papers
 */
export function joinHalves(
  { list, day, asOf }: ListDay & Pick<ListDayPapers, 'asOf'>,
  texts: Texts,
  { ids, votes }: SnapshotState,
): ListDayPapers {
  if (texts.ids.join() !== ids.join())
    throw new DamagedError('the texts and the votes have different papers');
  let papers: readonly Paper[] | undefined;
  return {
    list,
    day,
    ids,
    asOf,
    index: texts.index,
    get papers() {
      papers ??= toPapers(texts, votes);
      return papers;
    },
  };
}

function toPapers(texts: Texts, votes: SnapshotState['votes']): readonly Paper[] {
  return texts.decode().flatMap((text, position) => {
    const moving = votes[position];
    return moving ? [{ ...text, ...moving }] : [];
  });
}

/** Indexes papers in memory, for a list-day without a usable snapshot. */
export function toListDayPapers(
  { list, day }: ListDay,
  papers: readonly Paper[],
  asOf?: Instant,
): ListDayPapers {
  const sorted = inOrder(papers);
  return {
    list,
    day,
    asOf,
    ids: sorted.map(({ id }) => id),
    index: openDay(buildDayIndex(sorted)),
    papers: sorted,
  };
}
