/** The rate of one of several workers, with its credit: a token bucket. */
export interface SendRate {
  /** The worker's share of the account's rate, in mails a second. */
  readonly sharePerSec: number;
  /** How much of its share it uses: 1, and less after SES throttled it. */
  readonly factor: number;
  /** Mails that may go out now. May be a fraction. */
  readonly credit: number;
  /** When the credit was last counted, in milliseconds since 1970. */
  readonly countedAt: number;
}

const MS_PER_SEC = 1000;

/**
 * The factors for a throttled mail and an accepted mail. Above about one throttled mail in seven the rate falls. Below, it rises to
 * the whole share again. So the rate adapts when others use the account too, and ignores rare throttles.
 */
const SLOWER = 0.97;
const FASTER = 1.0051;
const MIN_FACTOR = 0.01;

/** Above this factor throttles are rare, and a throttled mail gets its credit back. */
const RARELY_THROTTLED = 0.9;

/** Returns a worker's first rate. It starts without credit, so that new workers never break the account's rate. */
export function startRate(sharePerSec: number, now: number): SendRate {
  return { sharePerSec, factor: 1, credit: 0, countedAt: now };
}

/**
 * Returns the rate with the credit of the time that passed, at most one second's worth. So all workers together stay within the rate
 * of SES and its burst of one second.
 *
 * @param isAwaited whether a mail waits for credit. Then the credit may grow to one mail, even if the share is below one a second
 */
export function refill(rate: SendRate, now: number, isAwaited: boolean): SendRate {
  const most = isAwaited ? Math.max(1, rate.sharePerSec) : rate.sharePerSec;
  const saved = (Math.max(0, now - rate.countedAt) / MS_PER_SEC) * rate.sharePerSec * rate.factor;
  return { ...rate, credit: Math.min(most, rate.credit + saved), countedAt: now };
}

/** Returns the rate minus the credit of one mail. Undefined if there is not enough. */
export function spend(rate: SendRate): SendRate | undefined {
  return rate.credit >= 1 ? { ...rate, credit: rate.credit - 1 } : undefined;
}

/** Returns the rate plus the credit of one mail. */
export function refund(rate: SendRate): SendRate {
  return { ...rate, credit: rate.credit + 1 };
}

/** Returns how long until there is credit for one mail, in whole milliseconds. */
export function msUntilNext({ credit, sharePerSec, factor }: SendRate): number {
  return Math.max(1, Math.ceil(((1 - credit) / (sharePerSec * factor)) * MS_PER_SEC));
}

/** Returns the rate after SES throttled a mail. The mail was not sent, so it gets its credit back while throttles are rare. */
export function slowDown(rate: SendRate): SendRate {
  const slower = { ...rate, factor: Math.max(MIN_FACTOR, rate.factor * SLOWER) };
  return slower.factor >= RARELY_THROTTLED ? refund(slower) : slower;
}

/** Returns the rate after SES accepted a mail. */
export function speedUp(rate: SendRate): SendRate {
  return rate.factor === 1 ? rate : { ...rate, factor: Math.min(1, rate.factor * FASTER) };
}

/** Returns the rate with another share of the account. */
export function withShare(rate: SendRate, sharePerSec: number): SendRate {
  return rate.sharePerSec === sharePerSec ? rate : { ...rate, sharePerSec };
}
