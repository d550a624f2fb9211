import type { Verdict } from '../judge/verdict.ts';
import type { Disruption } from './disruptions.ts';

/** What became of one seed. */
export interface SeedResult extends Verdict {
  readonly seed: number;
  /** A digest of all mails, with their moments, and all faults: the same whenever the seed is lived through. */
  readonly fingerprint: string;
  /** Messages that were given up, and are neither spoiled nor of the profile that could not be read. */
  readonly givenUp: readonly string[];
  /** How often each trouble struck. */
  readonly struck: Readonly<Record<Disruption, number>>;
}

/** A seed that could not be lived through to its end. */
export interface SeedFailure {
  readonly seed: number;
  readonly error: string;
}
