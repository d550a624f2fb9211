import type { SendResult } from './ports.ts';

type Unsent = Exclude<SendResult, { kind: 'accepted' | 'rejected' | 'uncertain' }>;

/** A mail was certainly not sent, and what was claimed for it is given back: the message has to come again. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly kind: Unsent['kind'];

  constructor(result: Unsent) {
    super(`not sent: ${result.kind}${'reason' in result ? ` (${result.reason})` : ''}`);
    this.kind = result.kind;
  }

  /** Whether nobody else can be mailed now either. */
  get stopsAll(): boolean {
    return this.kind !== 'throttled';
  }
}
