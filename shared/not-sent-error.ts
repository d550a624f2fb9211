import type { SendResult } from './sending-ports.ts';

type Unsent = Exclude<SendResult, { kind: 'accepted' | 'rejected' | 'uncertain' }>;

/** Why a mail did not go out: what SES says, no turn while the worker had time, or a table or another service that is not available. */
export type UnsentKind = Unsent['kind'] | 'out-of-time' | 'unavailable';

/** A mail was certainly not sent, and what was claimed for it is given back: the message has to come again. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly kind: UnsentKind;
  /** What SES or the network said, without addresses; undefined where the kind says all that is known. */
  readonly reason: string | undefined;

  constructor({ kind, reason }: { readonly kind: UnsentKind; readonly reason?: string | undefined }) {
    super(`not sent: ${kind}${reason === undefined ? '' : ` (${reason})`}`);
    this.kind = kind;
    this.reason = reason;
  }
}
