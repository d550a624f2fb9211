import type { ListId } from '../../domain/lists/lists.ts';
import { MAX_VOTE_COUNTS, type Paper, PICKING_LIST } from '../../domain/papers/paper.ts';
import { toEpochMs, toInstant } from '../../domain/time/time.ts';
import { createBits, fromBits, type PaperSet, setBit } from '../index/paper-set.ts';
import type { WindowDay } from '../index/word-papers.ts';
import type { SearchPart } from './search-part.ts';

/** The times of the newest papers and votes that a search takes into account, in milliseconds since 1970. */
export interface AsOf {
  /** Papers that were first seen later do not count, and neither do later picks. */
  readonly papersMs: number;
  /** Votes that were counted later do not count. */
  readonly votesMs: number;
}

/** The parts of a corpus that change with time. */
interface Dated {
  readonly all: PaperSet;
  readonly paperCount: number;
  /** The state now. */
  readonly asOf: AsOf;
  readonly facts: {
    readonly firstSeenAt: Float64Array;
    readonly upvotes: Uint32Array;
    readonly listedOn: Uint16Array;
    readonly lists: readonly ListId[];
    readonly listingLists: Uint16Array;
    readonly listingDays: Uint16Array;
    readonly listingEnds: Uint32Array;
  };
  readonly recent: ReadonlyMap<number, Paper>;
}

/** A corpus as it was at a time. */
export interface CorpusThen {
  /** The papers that were known. */
  readonly known: PaperSet;
  /** The votes of each paper. */
  readonly upvotes: Uint32Array;
  /** The newest day on which a list had each paper. */
  readonly listedOn: Uint16Array;
  readonly isNow: boolean;
}

/**
 * Returns what a corpus knew at a time, so that all pages of one search have the same order.
 *
 * A paper of the last weeks has its last {@link MAX_VOTE_COUNTS} vote counts. If even the oldest of them is newer than that time, it is used.
 * An archived paper has only its last count, because its votes seldom change. A later pick by Hugging Face moves a paper of arXiv to a
 * newer day.
 */
export function corpusAsOf(corpus: Dated, { papersMs, votesMs }: AsOf): CorpusThen {
  const { all, asOf, facts } = corpus;
  const isNow = papersMs >= asOf.papersMs && votesMs >= asOf.votesMs;
  if (isNow) return { known: all, upvotes: facts.upvotes, listedOn: facts.listedOn, isNow };
  return {
    known: seenUntil(corpus, papersMs),
    upvotes: votesUntil(corpus, votesMs),
    listedOn: listedUntil(corpus, papersMs),
    isNow,
  };
}

function seenUntil({ all, asOf, paperCount, facts }: Dated, papersMs: number): PaperSet {
  if (papersMs >= asOf.papersMs) return all;
  const bits = createBits(paperCount);
  for (let paper = 0; paper < paperCount; paper += 1)
    if ((facts.firstSeenAt[paper] ?? 0) <= papersMs) setBit(bits, paper);
  return fromBits(bits);
}

function votesUntil({ asOf, facts, recent }: Dated, votesMs: number): Uint32Array {
  if (votesMs >= asOf.votesMs) return facts.upvotes;
  const until = toInstant(votesMs);
  const upvotes = facts.upvotes.slice();
  for (const [paper, { voteCounts }] of recent) {
    if ((voteCounts.at(-1)?.at ?? until) > until) upvotes[paper] = countAsOf(voteCounts, until);
  }
  return upvotes;
}

function listedUntil({ asOf, facts, recent }: Dated, papersMs: number): Uint16Array {
  if (papersMs >= asOf.papersMs) return facts.listedOn;
  const until = toInstant(papersMs);
  const { lists, listingLists, listingDays, listingEnds } = facts;
  const picking = lists.indexOf(PICKING_LIST);
  const listedOn = facts.listedOn.slice();
  for (const [paper, { pickedAt = until }] of recent) {
    if (pickedAt <= until) continue;
    let newest = 0;
    for (let at = listingEnds[paper - 1] ?? 0; at < (listingEnds[paper] ?? 0); at += 1) {
      if (listingLists[at] !== picking) newest = Math.max(newest, listingDays[at] ?? 0);
    }
    // Another source may know the paper without a list.
    if (newest > 0) listedOn[paper] = newest;
  }
  return listedOn;
}

function countAsOf(counts: Paper['voteCounts'], until: string): number {
  const last = counts.findLast(({ at }) => at <= until);
  if (last) return last.upvotes;
  // With fewer counts none was dropped, so the votes were unknown until the first one.
  return counts.length < MAX_VOTE_COUNTS ? 0 : (counts[0]?.upvotes ?? 0);
}

/** Returns the papers that have vote counts or were picked, by their numbers. The last part of a paper has its newest facts. */
export function uniteRecent(
  parts: readonly SearchPart[],
  days: readonly WindowDay[],
): ReadonlyMap<number, Paper> {
  const recent = new Map<number, Paper>();
  for (const [at, { papers = [] }] of parts.entries()) {
    for (const [index, paper] of papers.entries()) {
      const number = days[at]?.numbers[index] ?? -1;
      const isDated = paper.voteCounts.length > 0 || paper.pickedAt !== undefined;
      if (number >= 0 && isDated) recent.set(number, paper);
    }
  }
  return recent;
}

/** Returns the present state of the papers: when the last one was first seen or picked, and when votes were last counted. */
export function stateOf(firstSeenAt: Float64Array, recent: ReadonlyMap<number, Paper>): AsOf {
  let [picked, counted] = ['', ''];
  for (const { pickedAt = '', voteCounts } of recent.values()) {
    const countedAt = voteCounts.at(-1)?.at ?? '';
    if (pickedAt > picked) picked = pickedAt;
    if (countedAt > counted) counted = countedAt;
  }
  const toMs = (at: string) => (at === '' ? 0 : toEpochMs(at));
  return {
    papersMs: firstSeenAt.reduce((last, ms) => Math.max(last, ms), toMs(picked)),
    votesMs: toMs(counted),
  };
}
