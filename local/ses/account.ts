import { addMs, type Clock, type Instant, MS_PER_DAY, msBetween } from '../../shared/domain/time.ts';
import { accountPaused, quotaExceeded, rateExceeded } from './ses-error.ts';

/** How much an account may send. */
export interface SendLimits {
  /** Messages a second. A burst of one second's worth, at least one message, goes through at once. @default 14 */
  readonly maxSendRate?: number | undefined;
  /** Recipients in any 24 hours; -1 for no limit. @default 50000 */
  readonly max24HourSend?: number | undefined;
}

/** What `GetSendQuota` tells. */
interface SendQuota {
  readonly max24HourSend: number;
  readonly maxSendRate: number;
  readonly sentLast24Hours: number;
}

/** A message that was accepted before. */
export interface PastSend {
  readonly acceptedAt: Instant;
  readonly recipients: number;
}

/** An account's right to send. */
export interface SesAccount {
  isSendingEnabled(): boolean;
  /** Switches sending off for all until `resume`. */
  pause(): void;
  resume(): void;
  quota(): SendQuota;
  /**
   * Takes one message off the rate and its recipients off the quota. What is refused costs nothing.
   * @throws SesError when paused, over the quota, or too fast
   */
  admit(recipients: number): void;
}

const MS_PER_SECOND = 1000;

/**
 * An account whose rate is a token bucket and whose quota is counted over the 24 hours that end now, both on the given
 * clock. A message of exactly 24 hours ago no longer counts.
 *
 * @param past messages accepted earlier, in the order of time: they count against the quota, not the rate
 * @see https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html
 */
export function createAccount(limits: SendLimits, clock: Clock, past: readonly PastSend[]): SesAccount {
  const { maxSendRate = 14, max24HourSend = 50_000 } = limits;
  // Credit is counted in thousandths of a message times the rate, so that whole numbers stay whole.
  const fullCredit = Math.max(1, maxSendRate) * MS_PER_SECOND;
  const sends = [...past];
  let counted = past.reduce((sum, { recipients }) => sum + recipients, 0);
  let isPaused = false;
  let credit = fullCredit;
  let creditAt = clock.now();

  function refill(now: Instant): void {
    const elapsedMs = Math.max(0, msBetween(creditAt, now));
    credit = Math.min(fullCredit, credit + elapsedMs * maxSendRate);
    creditAt = now;
  }

  function sentLast24Hours(now: Instant): number {
    const windowStart = addMs(now, -MS_PER_DAY);
    for (let oldest = sends[0]; oldest && oldest.acceptedAt <= windowStart; oldest = sends[0]) {
      counted -= oldest.recipients;
      sends.shift();
    }
    return counted;
  }

  return {
    isSendingEnabled: () => !isPaused,
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    quota: () => ({ max24HourSend, maxSendRate, sentLast24Hours: sentLast24Hours(clock.now()) }),
    admit: (recipients) => {
      const now = clock.now();
      if (isPaused) throw accountPaused();
      if (max24HourSend >= 0 && sentLast24Hours(now) + recipients > max24HourSend) throw quotaExceeded();
      refill(now);
      if (credit < MS_PER_SECOND) throw rateExceeded();
      credit -= MS_PER_SECOND;
      sends.push({ acceptedAt: now, recipients });
      counted += recipients;
    },
  };
}
