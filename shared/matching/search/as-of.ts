import { MAX_SNAPSHOTS, type Paper } from '../../domain/paper.ts';
import { toEpochMs, toInstant } from '../../domain/time.ts';
import { createBits, fromBits, type PaperSet, setBit } from '../index/paper-set.ts';
import type { WindowDay } from '../index/word-papers.ts';
import type { SearchPart } from './search-part.ts';

/** How new the papers and the votes of a search are, in milliseconds since 1970. */
export interface AsOf {
  /** Papers that were first seen later do not count. */
  readonly papersMs: number;
  /** Votes that were counted later do not count. */
  readonly votesMs: number;
}

/** The vote counts of papers by their numbers, oldest first. */
export type VoteCounts = ReadonlyMap<number, Paper['snapshots']>;

/** The papers of a corpus, with what is dated. */
interface Dated {
  readonly all: PaperSet;
  readonly paperCount: number;
  /** When the newest paper was first seen, and when votes were last counted. */
  readonly asOf: AsOf;
  readonly facts: { readonly firstSeenAt: Float64Array; readonly upvotes: Uint32Array };
  readonly voteCounts: VoteCounts;
}

/** A corpus as it was at some time. */
export interface CorpusThen {
  /** The papers that were known. */
  readonly known: PaperSet;
  /** The votes of each paper. */
  readonly upvotes: Uint32Array;
  readonly isNow: boolean;
}

/**
 * Returns the papers and votes that a corpus had at some time, so that all pages of one search have the same order.
 *
 * A paper of the last weeks has its last {@link MAX_SNAPSHOTS} vote counts. If even the oldest of them is newer than that time, it stands
 * for the votes. An archived paper has only its last count, because its votes seldom change.
 */
export function corpusAsOf(corpus: Dated, { papersMs, votesMs }: AsOf): CorpusThen {
  const { all, asOf, facts } = corpus;
  const isNow = papersMs >= asOf.papersMs && votesMs >= asOf.votesMs;
  if (isNow) return { known: all, upvotes: facts.upvotes, isNow };
  return { known: seenUntil(corpus, papersMs), upvotes: votesUntil(corpus, votesMs), isNow };
}

function seenUntil({ all, asOf, paperCount, facts }: Dated, papersMs: number): PaperSet {
  if (papersMs >= asOf.papersMs) return all;
  const bits = createBits(paperCount);
  for (let paper = 0; paper < paperCount; paper += 1)
    if ((facts.firstSeenAt[paper] ?? 0) <= papersMs) setBit(bits, paper);
  return fromBits(bits);
}

function votesUntil({ asOf, facts, voteCounts }: Dated, votesMs: number): Uint32Array {
  if (votesMs >= asOf.votesMs) return facts.upvotes;
  const until = toInstant(votesMs);
  const upvotes = facts.upvotes.slice();
  for (const [paper, counts] of voteCounts) {
    if ((counts.at(-1)?.at ?? until) > until) upvotes[paper] = votesAt(counts, until);
  }
  return upvotes;
}

function votesAt(counts: Paper['snapshots'], until: string): number {
  const last = counts.findLast(({ at }) => at <= until);
  if (last) return last.upvotes;
  // With fewer counts none was dropped, so the votes were unknown until the first one.
  return counts.length < MAX_SNAPSHOTS ? 0 : (counts[0]?.upvotes ?? 0);
}

/** Returns the vote counts of the papers that have some. The last part of a paper has the newest ones. */
export function uniteVoteCounts(parts: readonly SearchPart[], days: readonly WindowDay[]): VoteCounts {
  const united = new Map<number, Paper['snapshots']>();
  for (const [at, { voteCounts = [] }] of parts.entries()) {
    for (const [place, counts] of voteCounts.entries()) {
      const number = days[at]?.numbers[place] ?? -1;
      if (number >= 0 && counts.length > 0) united.set(number, counts);
    }
  }
  return united;
}

/** Returns when votes were last counted, in milliseconds since 1970. */
export function lastCountedMs(voteCounts: VoteCounts): number {
  let last = '';
  for (const counts of voteCounts.values()) {
    const { at } = counts.at(-1) ?? { at: last };
    if (at > last) last = at;
  }
  return last === '' ? 0 : toEpochMs(last);
}
