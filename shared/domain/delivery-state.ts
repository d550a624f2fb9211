import type { Delivery, Outcome, SettledOutcome, SkipReason } from './delivery.ts';

/** What the ledger knows of a digest; undefined before anybody dealt with it. */
export type KnownOutcome = Delivery['outcome'] | undefined;

/** What can happen to a digest in the ledger. */
export type DeliveryEvent =
  /** A worker takes the right to send it. */
  | { readonly what: 'claim' }
  /** A worker finds that there is nothing to send, or nobody to send it to. */
  | { readonly what: 'skip'; readonly reason: SkipReason }
  /** Its worker, an event about its mail, or a worker that finds it left behind tells how it ended. */
  | { readonly what: 'tell'; readonly outcome: SettledOutcome }
  /** Its worker gives the claim back, because certainly nothing was sent under it; in a repeat something may have been before. */
  | { readonly what: 'give back'; readonly isRepeat: boolean }
  /** A worker takes the right to send it once more, where it is the lesser evil that it comes twice. */
  | { readonly what: 'claim again' };

/** How a repeat stands that was given back. */
export const UNANSWERED = { state: 'uncertain', reason: 'an earlier try was never answered' } as const;

/**
 * What is known of a digest after an event; `known` itself where the event changes nothing. The ledger's one state machine:
 * repositories carry each of its steps out as one conditional write.
 *
 * A digest that somebody dealt with cannot be claimed, so it is not sent twice; only what is `uncertain` can be claimed again.
 * Of what is told, the more certain stands: `claimed` gives way to anything, `uncertain` to a yes or no, `sent` only to the
 * news that the same message was rejected after all. So the end is the same in whatever order and however often it is told.
 *
 * Whoever holds the claim by then does not matter: a claim is given back only where certainly nothing was sent under it, so a
 * message that exists belongs to the last claim of its digest, or to one before it whose answer was lost.
 */
export function nextOutcome(known: KnownOutcome, event: DeliveryEvent): KnownOutcome {
  switch (event.what) {
    case 'claim':
      return known ?? { state: 'claimed' };
    case 'skip':
      return known ?? { state: 'skipped', reason: event.reason };
    case 'tell':
      return known && advanceOutcome(known, event.outcome);
    case 'give back':
      if (known?.state !== 'claimed') return known;
      return event.isRepeat ? UNANSWERED : undefined;
    case 'claim again':
      return known?.state === 'uncertain' ? { state: 'claimed' } : known;
    default:
      return event satisfies never;
  }
}

/** What is known of a digest that was claimed, once it is told how it ended; `known` itself where that adds nothing. */
export function advanceOutcome(known: Delivery['outcome'], told: SettledOutcome): Outcome {
  switch (known.state) {
    case 'claimed':
      return told;
    case 'uncertain':
      return told.state === 'uncertain' ? known : told;
    case 'sent':
      return told.state === 'failed' && told.messageId === known.messageId ? told : known;
    case 'failed':
    case 'skipped':
      return known;
    default:
      return known satisfies never;
  }
}
