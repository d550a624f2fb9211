import type { Fault } from '../system/network.ts';
import type { Findings } from './history.ts';

/** What became of one seed. */
export interface SeedResult extends Findings {
  readonly seed: number;
  /** Digests that were due. */
  readonly digests: number;
  readonly mails: number;
  /** A digest of all mails, with their moments, and all faults: the same whenever the seed is lived through. */
  readonly fingerprint: string;
  /** Missing digests that the ledger does not show as uncertain. */
  readonly hidden: readonly string[];
  /** Mails of which the ledger does not know, after all events about them. */
  readonly unrecorded: readonly string[];
  /** Editions in which an audit does not find an end of every planned digest. */
  readonly unsound: readonly string[];
  /** Mails taken beyond the account's quota. */
  readonly beyondQuota: number;
  /** How often each fault struck. */
  readonly struck: Readonly<Record<Fault, number>>;
}

/** A seed that could not be lived through to its end. */
export interface SeedFailure {
  readonly seed: number;
  readonly error: string;
}
