import * as z from 'zod';
import type { Delivery } from './delivery.ts';
import { type Instant, msBetween } from './time.ts';

/**
 * What happens to a digest with an unknown send status. With `at-most-once` it stays `uncertain` until an event reports how its
 * mail went. With `at-least-once` it is sent again.
 */
export const whenUncertainSchema = z.enum(['at-most-once', 'at-least-once']);

export type WhenUncertain = z.infer<typeof whenUncertainSchema>;

/**
 * How long after a claim its worker may still be alive: no function lives longer on Lambda. By then an event about the mail has
 * usually come as well.
 */
const IN_FLIGHT_MS = 15 * 60_000;

/** How often a digest is sent at most if no try is answered. The audit shows a reader who gets no mail at all. */
const MAX_TRIES = 3;

/** What a second worker makes of a digest that it finds in the ledger. */
export type Finding =
  /** It ended, or nothing more is done about it. */
  | 'ended'
  /** Its worker may be alive, or the answer about its mail on the way. Look again later. */
  | 'in-flight'
  /** Its worker died before it recorded the outcome. Nobody knows whether the mail was sent. */
  | 'abandoned'
  /** Its send status is unknown, and it is to be sent again. */
  | 'resend';

/** Decides what to do about a digest that another worker dealt with before. */
export function judgeEarlier(
  { outcome, claimedAt, tries = 1 }: Pick<Delivery, 'outcome' | 'claimedAt' | 'tries'>,
  whenUncertain: WhenUncertain,
  now: Instant,
): Finding {
  const isFresh = msBetween(claimedAt, now) < IN_FLIGHT_MS;
  if (outcome.state === 'claimed') return isFresh ? 'in-flight' : 'abandoned';
  if (!mayResend(outcome, tries, whenUncertain)) return 'ended';
  return isFresh ? 'in-flight' : 'resend';
}

/** Whether a digest that ended like this after so many tries is sent once more. */
export function mayResend(
  outcome: Pick<Delivery['outcome'], 'state'>,
  tries: number,
  whenUncertain: WhenUncertain,
): boolean {
  return outcome.state === 'uncertain' && whenUncertain === 'at-least-once' && tries < MAX_TRIES;
}
