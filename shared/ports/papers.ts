import type { ListHistory } from '../domain/list-state.ts';
import type { Listing } from '../domain/listing.ts';
import type { ListId } from '../domain/lists.ts';
import type { Paper, PaperFacts, PaperId } from '../domain/paper.ts';
import type { Day, Instant } from '../domain/time.ts';

/** Papers, one item each. */
export interface PaperRepository {
  /**
   * Brings the stored paper up to date with what a source says. A paper that did not change is not written, and neither is
   * one that cannot be read.
   * @throws ConflictError when others keep changing it at the same time
   */
  save(facts: PaperFacts, seenAt: Instant): Promise<'created' | 'updated' | 'unchanged' | 'unreadable'>;
  /** The papers of these ids, in no certain order. An id that is unknown or cannot be read is left out. */
  loadMany(ids: readonly PaperId[]): Promise<readonly Paper[]>;
}

/** Which papers stood on which list on which day. */
export interface ListingRepository {
  /** Keeps a listing; one that is there already stays as it is. */
  save(listing: Listing): Promise<void>;
  /** The listings of a day that can be read, in no certain order. */
  load(list: ListId, day: Day): Promise<readonly Listing[]>;
}

/** What is kept of a source between two reads: one state for all its lists, so that one write saves what a read found. */
export interface SourceState {
  /** Where the source goes on, in its own format. */
  readonly cursor?: string | undefined;
  /** The history of each list that was read. */
  readonly lists: Readonly<Record<ListId, ListHistory>>;
}

export interface SourceStateRepository {
  /** Undefined for a source that was never read, or whose state cannot be read. */
  load(source: string): Promise<SourceState | undefined>;
  save(source: string, state: SourceState): Promise<void>;
}
