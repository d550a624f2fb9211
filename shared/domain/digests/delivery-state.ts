import { type Instant, msBetween } from '../time/time.ts';
import * as z from '../zod.ts';
import type { ClaimOutcome, Delivery, DeliveryState, Outcome } from './delivery.ts';

/**
 * The state that a digest must have before a step. Undefined means no record. The conditional writes of the ledger check it. So a digest
 * with a record cannot be claimed, and is not sent twice. Only an `uncertain` one can be claimed again.
 */
export const STATE_BEFORE = {
  claim: undefined,
  skip: undefined,
  release: 'claimed',
  'claim-again': 'uncertain',
} as const satisfies Readonly<Record<string, DeliveryState | undefined>>;

/** The outcome after the claim of a repeat is released. An earlier try may have been sent. */
export const UNANSWERED = { state: 'uncertain', reason: 'an earlier try was never answered' } as const;

/**
 * Returns the outcome of a digest after a report. Returns `known` itself if the report adds nothing. Any report replaces `claimed`, and
 * `sent` or `failed` replaces `uncertain`. Only a rejection of the same message replaces `sent`. So reports may come in any order, and
 * more than once.
 *
 * It does not matter who holds the claim when a report comes. A claim is released only if nothing was sent under it. So a mail
 * that exists belongs to the last claim of its digest, or to an earlier one whose answer was lost.
 */
export function advanceOutcome(known: Delivery['outcome'], reported: ClaimOutcome): Outcome {
  switch (known.state) {
    case 'claimed':
      return reported;
    case 'uncertain':
      return reported.state === 'uncertain' ? known : reported;
    case 'sent':
      return reported.state === 'failed' && reported.messageId === known.messageId ? reported : known;
    case 'failed':
    case 'skipped':
      return known;
    default:
      return known satisfies never;
  }
}

/**
 * What happens to a digest with an unknown send status. With `at-most-once` it stays `uncertain` until an event reports how its
 * mail went. With `at-least-once` it is sent again.
 */
export const whenUncertainSchema = z.enum(['at-most-once', 'at-least-once']);

export type WhenUncertain = z.infer<typeof whenUncertainSchema>;

/**
 * How long after a claim its worker may still run. No Lambda function runs longer. By then an event about the mail has usually come as
 * well.
 */
const IN_FLIGHT_MS = 15 * 60_000;

/** The maximum number of tries of a digest if SES never answers. It then stays `uncertain`. */
const MAX_TRIES = 3;

/** What a worker concludes about a digest that is already in the ledger. */
export type Finding =
  /** It ended. */
  | 'ended'
  /** Its worker may be alive, or an event about its mail may be in flight. Check again later. */
  | 'in-flight'
  /** Its worker died before it recorded the outcome. The send status is unknown. */
  | 'abandoned'
  /** Its send status is unknown, and it is to be sent again. */
  | 'resend';

/** Returns what a worker concludes about a digest that is already in the ledger. */
export function judgeDelivery(
  { outcome, claimedAt, tries = 1 }: Pick<Delivery, 'outcome' | 'claimedAt' | 'tries'>,
  whenUncertain: WhenUncertain,
  now: Instant,
): Finding {
  // A claim from much later is damaged, or its clock was wrong.
  const isFresh = Math.abs(msBetween(claimedAt, now)) < IN_FLIGHT_MS;
  if (outcome.state === 'claimed') return isFresh ? 'in-flight' : 'abandoned';
  if (!mayResend(outcome, tries, whenUncertain)) return 'ended';
  return isFresh ? 'in-flight' : 'resend';
}

/** Returns whether a digest with this outcome may be sent once more after this number of tries. */
export function mayResend(
  outcome: Pick<Delivery['outcome'], 'state'>,
  tries: number,
  whenUncertain: WhenUncertain,
): boolean {
  return outcome.state === 'uncertain' && whenUncertain === 'at-least-once' && tries < MAX_TRIES;
}
