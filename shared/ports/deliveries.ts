import type { DigestOrigin } from '../domain/digests/cohort.ts';
import type { ClaimOutcome, Delivery, DeliveryKey, Outcome } from '../domain/digests/delivery.ts';
import type { PaperId } from '../domain/papers/paper.ts';
import type { Cadence } from '../domain/subscribers/cadence.ts';
import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Instant } from '../domain/time/time.ts';

/** The right to send one digest. Only one worker has it until the outcome is recorded or the claim is released. */
export interface Claim extends DeliveryKey {
  /** Differs for every claim of the same digest. */
  readonly claimId: string;
  /** How often the digest was claimed, this claim included. */
  readonly tries: number;
}

/** The ledger. No mail goes out without a claim. Only one claim of a digest exists at a time. */
export interface DeliveryRepository {
  /** @throws UnreadableItemError if the record does not fit its schema. Its digest must not be sent */
  load(key: DeliveryKey): Promise<Delivery | undefined>;
  /** Returns the batch of a digest. Undefined if there is no record, or the record does not name it. */
  loadOrigin(key: DeliveryKey): Promise<DigestOrigin | undefined>;
  /** Takes the right to send a digest with these papers. Undefined if it was claimed or ended before. */
  claim(
    key: DeliveryKey,
    origin: DigestOrigin,
    paperIds: readonly PaperId[],
    at: Instant,
  ): Promise<Claim | undefined>;
  /**
   * Claims an `uncertain` digest again. The papers join those of the earlier tries, which may have been sent. Undefined if the record
   * changed since it was read.
   */
  claimAgain(
    earlier: Delivery,
    origin: DigestOrigin,
    paperIds: readonly PaperId[],
    at: Instant,
  ): Promise<Claim | undefined>;
  /** Records that no digest is made. False if it was claimed or ended before. */
  recordSkip(
    key: DeliveryKey,
    origin: DigestOrigin,
    outcome: Outcome & { state: 'skipped' },
    at: Instant,
  ): Promise<boolean>;
  /**
   * Records how a claimed digest ended. Returns the recorded outcome: this one, or a more certain one that an event about the mail
   * reported first. See `advanceOutcome`.
   * @throws ConflictError if this claim is no longer held
   */
  recordOutcome(claim: Claim, outcome: ClaimOutcome): Promise<Outcome>;
  /**
   * Records what an event reports about the mail of a digest. Returns the recorded outcome. A repeat changes nothing.
   * Undefined, and nothing is recorded, if the digest was never claimed, was released, or has a record that cannot be read.
   */
  recordEvent(key: DeliveryKey, outcome: ClaimOutcome): Promise<Outcome | undefined>;
  /**
   * Records the outcome of a digest whose worker died. Returns the recorded outcome. Undefined, and nothing is
   * recorded, if another worker has claimed it since `earlier` was read.
   */
  recordAbandoned(earlier: Delivery, outcome: ClaimOutcome): Promise<Outcome | undefined>;
  /**
   * Removes a claim under which nothing was sent. If an earlier try may have been sent, the digest is `uncertain` again. Does nothing
   * if another worker holds the claim by now, or an outcome is recorded.
   */
  release(claim: Claim): Promise<void>;
  /**
   * Loads the subscriber's other digests, of any cadence, that were claimed at `since` or later. Also finds out whether this digest has a
   * record.
   */
  loadRecent(key: DeliveryKey, since: Instant, reading: LedgerReading): Promise<RecentDeliveries>;
}

/** How the recent digests of a subscriber are read. It decides what the read costs, and not which records count. */
export interface LedgerReading {
  /** The cadences of the subscriber's subscriptions. */
  readonly cadences: readonly Cadence[];
  /** Whether writes of the last second may be missing. Such a read costs half. */
  readonly mayBeStale: boolean;
}

/** What the ledger knows of a digest and of the subscriber's other digests. */
interface RecentDeliveries {
  /** Whether the digest itself has a record. It may be unreadable. False if its period is too old for a digest. */
  readonly isRecorded: boolean;
  /** Its other digests, without failed ones, in any order. An unreadable record counts as `uncertain`. */
  readonly others: readonly Delivery[];
}

/** A record of the ledger. */
export interface KeptDelivery {
  /** Unique within the subscriber: `daily#2026-01-05`. */
  readonly recordId: string;
  /** Undefined if the record cannot be read. */
  readonly delivery: Delivery | undefined;
  /** The batch of the digest. Undefined if the record does not name it. */
  readonly origin?: DigestOrigin | undefined;
}

/** What the ledger holds of one subscriber. */
export interface DeliveryHistory {
  /** Loads the records of all digests, in any order. */
  loadAll(subscriberId: Subscriber['id']): Promise<readonly KeptDelivery[]>;
  /** Returns the given digests that have a record, readable or not. A write of the last second may be missing. */
  loadRecorded(keys: readonly DeliveryKey[]): Promise<readonly DeliveryKey[]>;
  /** Loads the papers of a digest. Empty if there is no record, or it cannot be read. */
  loadPaperIds(key: DeliveryKey): Promise<readonly PaperId[]>;
  /**
   * Copies the records of digests that were sent or may have been to the new profile of a subscriber who moved to another address. So no
   * digest repeats their papers or periods. See `withSent` for a period that has a record there. A repeat changes nothing.
   */
  copySent(from: Subscriber['id'], to: Subscriber['id']): Promise<void>;
  /** Erases a record. A repeat changes nothing. */
  erase(subscriberId: Subscriber['id'], recordId: KeptDelivery['recordId']): Promise<void>;
}
