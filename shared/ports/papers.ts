import type { ListHistory } from '../domain/lists/list-state.ts';
import type { Listing } from '../domain/lists/listing.ts';
import type { ListId } from '../domain/lists/lists.ts';
import type { Paper, PaperFacts, PaperId } from '../domain/papers/paper.ts';
import type { Day, Instant } from '../domain/time/time.ts';

type SaveResult = 'created' | 'updated' | 'unchanged' | 'unreadable' | 'refused';

/** Papers, one item each. */
export interface PaperRepository {
  /**
   * Updates the stored paper with the facts of a source. Does not write a paper that did not change or cannot be read.
   * @returns `refused` if the paper is too large for the table. Nothing is written
   * @throws ConflictError if other workers keep changing it at the same time
   */
  save(facts: PaperFacts, seenAt: Instant): Promise<SaveResult>;
  /** Loads the papers of these ids as they were saved last, in any order. Leaves out unknown and unreadable ones. */
  loadMany(ids: readonly PaperId[]): Promise<readonly Paper[]>;
}

/** Which papers were on which list on which day. */
export interface ListingRepository {
  /** Saves a listing, unless it exists. */
  save(listing: Listing): Promise<void>;
  /** Loads the readable listings of a day, in any order. Those that were just saved are among them. */
  load(list: ListId, day: Day): Promise<readonly Listing[]>;
  /** Loads the readable listings of a paper, in any order. Those that earlier releases saved may be missing. */
  loadOfPaper(id: PaperId): Promise<readonly Listing[]>;
}

/** A new version of a paper. */
export interface NewVersion {
  readonly paperId: PaperId;
  readonly version: number;
}

/** The papers that got a new version, by the UTC day on which it was first seen here. */
export interface NewVersionRepository {
  /** Saves a new version, unless a later one of that day is stored. */
  save(day: Day, newVersion: NewVersion): Promise<void>;
  /** Loads the new versions of a day, in any order. */
  load(day: Day): Promise<readonly NewVersion[]>;
}

/** The state of a source between two reads. All its lists share one state, so one write saves the result of a read. */
export interface SourceState {
  /** Where the next read starts, in the format of the source. */
  readonly cursor?: string | undefined;
  /** The history of each list that was read. */
  readonly lists: Readonly<Record<ListId, ListHistory>>;
}

export interface SourceStateRepository {
  /** Undefined for a source that was never read, or whose state cannot be read. */
  load(source: string): Promise<SourceState | undefined>;
  save(source: string, state: SourceState): Promise<void>;
}
