import * as z from 'zod';
import type { Delivery } from './delivery.ts';
import { type Instant, msBetween } from './time.ts';

/**
 * What becomes of a digest of which nobody knows whether it was sent: it is left `uncertain` until an event tells
 * (`at-most-once`), or sent again (`at-least-once`).
 */
export const whenUncertainSchema = z.enum(['at-most-once', 'at-least-once']);

export type WhenUncertain = z.infer<typeof whenUncertainSchema>;

/**
 * Within this time after a claim its worker may still be alive: no function lives longer on Lambda. An older claim was left
 * behind by one that died. An event about the mail has mostly come by then as well.
 */
const IN_HAND_MS = 15 * 60_000;

/** How often a digest is sent at most, where none of the tries is answered: whoever gets no mail at all is seen in the audit. */
const MAX_TRIES = 3;

/** What a second worker makes of a digest that it finds in the ledger. */
export type Finding =
  /** It ended, or nothing more is done about it. */
  | 'settled'
  /** Its worker may be alive, or the answer about it on its way: look again later. */
  | 'in-hand'
  /** Its worker died, and nobody knows whether it was sent. */
  | 'left-behind'
  /** Nobody knows whether it was sent, and it is to be sent again. */
  | 'to-be-sent-again';

/** What is to be done about a digest that somebody dealt with before. */
export function judgeEarlier(
  { outcome, claimedAt, tries = 1 }: Pick<Delivery, 'outcome' | 'claimedAt' | 'tries'>,
  whenUncertain: WhenUncertain,
  now: Instant,
): Finding {
  const isFresh = msBetween(claimedAt, now) < IN_HAND_MS;
  if (outcome.state === 'claimed') return isFresh ? 'in-hand' : 'left-behind';
  if (!isToBeSentAgain(outcome, tries, whenUncertain)) return 'settled';
  return isFresh ? 'in-hand' : 'to-be-sent-again';
}

/** Whether a digest that ended like this after so many tries is sent once more. */
export function isToBeSentAgain(
  outcome: Pick<Delivery['outcome'], 'state'>,
  tries: number,
  whenUncertain: WhenUncertain,
): boolean {
  return outcome.state === 'uncertain' && whenUncertain === 'at-least-once' && tries < MAX_TRIES;
}
