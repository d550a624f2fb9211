import { createHash } from 'node:crypto';
import type { Paper, PaperId } from '../domain/papers/paper.ts';
import { compareText } from '../domain/text/compare-text.ts';
import { seal, unseal } from './sealed.ts';

/** The fields of a paper that change often. */
type PaperVotes = Pick<Paper, 'upvotes' | 'comments' | 'stars' | 'voteCounts'>;

/** Fields that only the page of a paper or merging uses. Snapshots lack them. */
type PaperDetails = Pick<
  Paper,
  | 'versionAt'
  | 'earlierVersions'
  | 'versionSeenAt'
  | 'licenceUrl'
  | 'note'
  | 'journalReference'
  | 'doi'
  | 'seen'
  | 'origins'
>;

/** The fields of a paper that seldom change. */
export type PaperText = Omit<Paper, keyof PaperVotes | keyof PaperDetails>;

/** A summary of a snapshot: the ids of its papers in order, a hash of each text, and the votes. Equal states mean equal snapshots. */
export interface SnapshotState {
  readonly ids: readonly PaperId[];
  /** A short hash of each paper's text. */
  readonly textHashes: readonly string[];
  readonly votes: readonly PaperVotes[];
}

/** {@link SnapshotState} as stored, a column for each field, because similar values next to each other compress well. */
interface StateColumns {
  readonly ids: readonly PaperId[];
  readonly textHashes: readonly string[];
  readonly upvotes: readonly number[];
  readonly comments: readonly number[];
  readonly stars: readonly (number | null)[];
  /** The distinct times of all vote counts. Most papers of a list share them. */
  readonly times: readonly string[];
  /** The `voteCounts` of each paper: the index of the time, upvotes, comments. The stored name is that of the first release. */
  readonly snapshots: readonly (readonly (readonly [at: number, upvotes: number, comments: number])[])[];
}

/** The characters of {@link shortHashOf}: 48 bits in Base64. */
export const HASH_LENGTH = 8;

export function paperTextOf({ upvotes, comments, stars, voteCounts, ...paper }: Paper): PaperText {
  const { versionAt, earlierVersions, versionSeenAt, licenceUrl, note, journalReference, doi, ...others } =
    paper;
  const { seen, origins, ...text } = others;
  return text;
}

function votesOf({ upvotes, comments, stars, voteCounts }: Paper): PaperVotes {
  return { upvotes, comments, ...(stars !== undefined && { stars }), voteCounts };
}

/** Returns papers sorted by id, each once. All parts of a snapshot have this order. */
export function inOrder(papers: readonly Paper[]): readonly Paper[] {
  const byId = new Map(papers.map((paper) => [paper.id, paper]));
  return [...byId.values()].sort((a, b) => compareText(a.id, b.id));
}

/** @param papers in order */
export function toSnapshotState(papers: readonly Paper[]): SnapshotState {
  return {
    ids: papers.map(({ id }) => id),
    textHashes: papers.map((paper) => shortHashOf(paperTextOf(paper))),
    votes: papers.map(votesOf),
  };
}

/** Returns whether the papers' texts are the same, and their order. */
export function hasSameTexts(a: SnapshotState, b: SnapshotState): boolean {
  return isSame([a.ids, a.textHashes], [b.ids, b.textHashes]);
}

/** Returns whether everything about the papers is the same. */
export function isSameState(a: SnapshotState, b: SnapshotState): boolean {
  return isSame(toColumns(a), toColumns(b));
}

export function sealState(state: SnapshotState): Uint8Array {
  return seal(Buffer.from(JSON.stringify(toColumns(state))));
}

/** @throws DamagedError */
export function unsealState(sealed: Uint8Array): SnapshotState {
  // The checksum fits, so these are the columns of `sealState`.
  const columns: StateColumns = JSON.parse(unseal(sealed).toString());
  const { ids, textHashes, times } = columns;
  return {
    ids,
    textHashes,
    votes: ids.map((_, at) => {
      const stars = columns.stars[at] ?? undefined;
      return {
        upvotes: columns.upvotes[at] ?? 0,
        comments: columns.comments[at] ?? 0,
        ...(stars !== undefined && { stars }),
        voteCounts: (columns.snapshots[at] ?? []).map(([time, upvotes, comments]) => ({
          at: times[time] ?? '',
          upvotes,
          comments,
        })),
      };
    }),
  };
}

function toColumns({ ids, textHashes, votes }: SnapshotState): StateColumns {
  const times = new Map<string, number>();
  const indexOf = (time: string) => {
    const index = times.get(time) ?? times.size;
    times.set(time, index);
    return index;
  };
  const snapshots = votes.map((paper) =>
    paper.voteCounts.map(({ at, upvotes, comments }) => [indexOf(at), upvotes, comments] as const),
  );
  return {
    ids,
    textHashes,
    upvotes: votes.map(({ upvotes }) => upvotes),
    comments: votes.map(({ comments }) => comments),
    stars: votes.map(({ stars }) => stars ?? null),
    times: [...times.keys()],
    snapshots,
  };
}

/** Returns a short hash of the fields of an object. It sorts them, because items come from the table in any order of fields. */
export function shortHashOf(fields: object): string {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  const sorted = present.sort(([a], [b]) => compareText(a, b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, HASH_LENGTH);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
