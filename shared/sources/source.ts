import type { ListHistory } from '../domain/lists/list-state.ts';
import type { Listing } from '../domain/lists/listing.ts';
import type { ListId, SourceName } from '../domain/lists/lists.ts';
import type { PaperFacts, PaperId } from '../domain/papers/paper.ts';
import type { Day, Instant } from '../domain/time/time.ts';
import type { HttpClient } from '../ports/http.ts';

/** One well-formed item of an answer: what it says of a paper, and where the paper was listed. */
export interface SourceItem {
  readonly facts: PaperFacts;
  /**
   * One listing for each list that names the paper. Empty for news of a paper that is no listing, such as a new version. An item
   * without a listing updates a known paper and never creates one.
   */
  readonly listings: readonly Listing[];
  /**
   * The list that the paper belongs to, if others name it too: that of its primary category. If a list repeats papers of its own, its
   * newest part is late, whatever papers of other lists it names.
   */
  readonly ownList?: ListId;
}

/** What was wrong with one item. */
export interface ItemNote {
  /** The item's id if it has one, otherwise its position in the answer, from 0: `2501.12345`, `#7`. */
  readonly item: string;
  readonly reason: string;
}

/** The content of an answer of a source. */
export interface SourceContent {
  /** The lists that were asked for. Each listing of an item names one of them. */
  readonly lists: readonly ListId[];
  /** What was asked for, in words for a log: `2026-01-05 page 0`. */
  readonly asked: string;
  /**
   * How many items the answer holds. Each is in `items`, in `rejections`, or left out. Those left out repeat a paper that the same list
   * already brought, or are too old to be news.
   */
  readonly itemsRead: number;
  readonly items: readonly SourceItem[];
  /** Items that could not be read. The items around them are kept. */
  readonly rejections: readonly ItemNote[];
  /** Odd dates of items that were kept, each replaced by another. */
  readonly corrections: readonly ItemNote[];
  /**
   * Whether the answer has only missed days or single papers. It then says nothing about the newest part of its lists, or whether they can
   * be read.
   * @default false
   */
  readonly saysNothingOfNewest?: boolean;
  /**
   * Whether an answer without items is all that the lists have now. Otherwise it is unknown whether papers are still to come.
   * @default false
   */
  readonly isWholeIfEmpty?: boolean;
  /** Why the answer is missing or cut short. Its good items are in `items` all the same. */
  readonly problem?: string | undefined;
}

/** What one request to a source returned. */
export interface SourceAnswer extends SourceContent {
  /** Where to go on next time once this answer and all before it are saved. */
  readonly cursor: string | undefined;
  /** The day that a back-fill could not read. It goes on with others, and the cursor has the day for another call. */
  readonly unreadDay?: Day | undefined;
}

export interface SourceRequest {
  /** The lists to read. All are lists of the source. */
  readonly lists: readonly ListId[];
  /** The past reads of the lists. A source whose lists change once a day need not read one again that is up to date. */
  readonly histories: Readonly<Record<ListId, ListHistory>>;
  /** The cursor of the last saved answer. Undefined at the first read. */
  readonly cursor: string | undefined;
  readonly now: Instant;
  readonly http: HttpClient;
  /** Fires when there is no time left for another answer. */
  readonly signal?: AbortSignal | undefined;
}

/** A request to read a list again, from a day on. */
export interface BackFillRequest extends Pick<SourceRequest, 'now' | 'http' | 'signal'> {
  readonly list: ListId;
  readonly from: Day;
  /** The cursor of the last saved answer of this back-fill. Undefined at its start, and after its end. */
  readonly cursor: string | undefined;
  /** The days of `unreadDay` so far. They are left for another call. @default none */
  readonly failedDays?: readonly Day[];
}

/** A request for what a source knows of single papers. */
export interface LookUpRequest extends Pick<SourceRequest, 'http' | 'signal'> {
  /** From 1 to {@link MAX_LOOKED_UP} ids. */
  readonly ids: readonly PaperId[];
}

/** How many papers one look-up asks for. */
export const MAX_LOOKED_UP = 100;

export interface LookUpAnswer extends SourceContent {
  /** The papers that the source answered for, also those that it does not know. The others are worth asking for again. */
  readonly settled: readonly PaperId[];
}

/** Missed days of a list that a source could not read yet. */
export interface UnreadDays {
  readonly list: ListId;
  readonly from: Day;
  readonly until: Day;
  readonly failingSince: Instant;
  /** When the source asks again. Undefined if the next run does. */
  readonly retryAt?: Instant | undefined;
}

/** Where papers come from. It yields answers as they come, oldest first, and never throws for what the outside does. */
export interface Source {
  readonly name: SourceName;
  /**
   * Whether a list keeps a paper only on the day on which it was first read there. Its other listings on that list are dropped, and only one run
   * at a time reads the source.
   * @default false
   */
  readonly keepsFirstListing?: boolean;
  /** Whether it reads old days again, which says nothing about how the lists do now. @default false */
  readonly isBackFill?: boolean;
  fetch(request: SourceRequest): AsyncIterable<SourceAnswer>;
  /**
   * Yields the answers for all days of a list since a day. What cannot be read is left for another request with the cursor of the last
   * answer. So is the rest after a problem that names no `unreadDay`. @default the source has only its newest papers
   */
  backFill?(request: BackFillRequest): AsyncIterable<SourceAnswer>;
  /** Returns the days that a cursor still has to read, because requests for them failed. @default none */
  findUnread?(cursor: string | undefined): readonly UnreadDays[];
  /** Returns the parts of a cursor that cannot be read, each with what happens about it. @default none */
  findFaults?(cursor: string | undefined): readonly ItemNote[];
  /** Asks for single papers that other sources name, in one request. @default the source cannot be asked for single papers */
  lookUp?(request: LookUpRequest): Promise<LookUpAnswer>;
}
