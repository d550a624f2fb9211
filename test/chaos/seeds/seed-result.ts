import type { Verdict } from '../judge/verdict.ts';
import type { Disruption } from './disruptions.ts';

/** The outcome of one seed. */
export interface SeedResult extends Verdict {
  readonly seed: number;
  /** A hash of all mails with their times, and of all faults. It is the same in every run of the seed. */
  readonly fingerprint: string;
  /** Messages that were dead-lettered, except spoiled ones and those of the unreadable profile. */
  readonly givenUp: readonly string[];
  /** How often each fault struck. */
  readonly struck: Readonly<Record<Disruption, number>>;
}

/** A seed whose simulation failed. */
export interface SeedFailure {
  readonly seed: number;
  readonly error: string;
}
