import { addMs, type Clock, type Instant, MS_PER_DAY, msBetween } from '../../shared/domain/time/time.ts';
import { accountPaused, quotaExceeded, rateExceeded } from './ses-error.ts';

/** The sending limits of an account. */
export interface SendLimits {
  /** Messages per second. A burst of one second's messages, at least one, passes immediately. @default 14 */
  readonly maxSendRate?: number | undefined;
  /** Recipients in any 24 hours. -1 means no limit. @default 50000 */
  readonly max24HourSend?: number | undefined;
}

/** The answer to `GetSendQuota`. */
interface SendQuota {
  readonly max24HourSend: number;
  readonly maxSendRate: number;
  readonly sentLast24Hours: number;
}

/** A message that was accepted earlier. */
export interface PastSend {
  readonly acceptedAt: Instant;
  readonly recipients: number;
}

/** The account that the endpoint plays. */
export interface SesAccount {
  isSendingEnabled(): boolean;
  /** Pauses sending until `resume`. */
  pause(): void;
  resume(): void;
  quota(): SendQuota;
  /**
   * Counts one message against the rate and its recipients against the quota. A refused message counts nothing.
   * @throws SesError if sending is paused, the quota is used up, or the rate is exceeded
   */
  admit(recipients: number): void;
}

const MS_PER_SECOND = 1000;

/**
 * Creates an account. Its rate is a token bucket. Its quota covers the last 24 hours. Both use the given clock. A message from
 * exactly 24 hours ago no longer counts.
 *
 * @param past earlier messages, oldest first. They count against the quota but not the rate
 * @see https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html
 */
export function createAccount(limits: SendLimits, clock: Clock, past: readonly PastSend[]): SesAccount {
  const { maxSendRate = 14, max24HourSend = 50_000 } = limits;
  // The credit is in thousandths of a message, so that whole numbers stay whole.
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
