import type { DigestOrigin } from '../domain/cohort.ts';
import type { Delivery, DeliveryKey, Outcome, SettledOutcome } from '../domain/delivery.ts';
import type { PaperId } from '../domain/paper.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';

/** The right to send one digest, which nobody else has until it is settled or given back. */
export interface Claim extends DeliveryKey {
  /** Tells this claim from any other of the same digest. */
  readonly claimId: string;
  /** How often the digest was claimed to be sent, with this claim; 1 but for repeats. */
  readonly tries: number;
}

/** The ledger: nobody is mailed without a claim, and a digest can be claimed once. */
export interface DeliveryRepository {
  /** @throws UnreadableItemError for a record that does not fit its schema: its digest must not be sent */
  load(key: DeliveryKey): Promise<Delivery | undefined>;
  /** Which batch brought a digest; undefined where there is no record, or one that does not tell. */
  loadOrigin(key: DeliveryKey): Promise<DigestOrigin | undefined>;
  /** Takes the right to send a digest with these papers. Undefined if it was claimed or ended before. */
  claim(
    key: DeliveryKey,
    origin: DigestOrigin,
    paperIds: readonly PaperId[],
    at: Instant,
  ): Promise<Claim | undefined>;
  /**
   * Takes the right to send once more what is `uncertain`. The papers join those of the earlier tries, which may have been sent.
   * Undefined when the record is no longer as it was read.
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
   * Records how a claimed digest ended. Returns the outcome that stands: this one, or a more certain one that an event about
   * the mail brought first. See `nextOutcome`.
   * @throws ConflictError when the claim is not the one that is held
   */
  recordOutcome(claim: Claim, outcome: SettledOutcome, at: Instant): Promise<Outcome>;
  /**
   * Records what an event reports about the mail of a digest. Returns the outcome that stands then. A repeat changes nothing.
   * Undefined, and nothing is recorded, if the digest was never claimed, was released, or has a record that cannot be read.
   */
  recordEvent(key: DeliveryKey, outcome: SettledOutcome, at: Instant): Promise<Outcome | undefined>;
  /**
   * Records the outcome of a digest whose worker died. Returns the outcome that stands then. Undefined, and nothing is
   * recorded, if another worker has claimed it since `earlier` was read.
   */
  recordAbandoned(earlier: Delivery, outcome: SettledOutcome, at: Instant): Promise<Outcome | undefined>;
  /**
   * Removes a claim under which certainly nothing was sent. A digest that was sent before is `uncertain` again. A claim that
   * another worker holds by now stays, and so does an outcome.
   */
  release(claim: Claim): Promise<void>;
  /**
   * The papers of all other digests, of any cadence, that the key's subscriber was or may have been sent since `since`, by
   * when they were claimed; each with the digest that has it. The digest of the key itself does not count: another worker
   * may hold its claim and give it back. A record that cannot be read counts as a digest in doubt.
   */
  loadSent(key: DeliveryKey, since: Instant): Promise<ReadonlyMap<PaperId, Delivery>>;
}

/** A record of the ledger. */
export interface KeptDelivery {
  /** Names the record among those of its subscriber: `daily#2026-01-05`. */
  readonly recordId: string;
  /** Undefined where the record cannot be read. */
  readonly delivery: Delivery | undefined;
  /** The batch that brought it; undefined where the record does not say. */
  readonly origin?: DigestOrigin | undefined;
}

/** What the ledger holds of one subscriber. */
export interface DeliveryHistory {
  /** The records of all digests, in no certain order. */
  loadAll(subscriberId: Subscriber['id']): Promise<readonly KeptDelivery[]>;
  /** Forgets a record; a repeat changes nothing. */
  erase(subscriberId: Subscriber['id'], recordId: KeptDelivery['recordId']): Promise<void>;
}
