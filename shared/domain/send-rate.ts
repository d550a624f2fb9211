/** How fast one of several workers may send now, and how many mails it has saved up. */
export interface SendRate {
  /** The worker's share of the account's rate, in mails a second. */
  readonly sharePerSec: number;
  /** How much of its share it uses: 1, and less after SES throttled it. */
  readonly factor: number;
  /** Mails that may go out at once; a part of one is saved up too. */
  readonly credit: number;
  /** When the credit was last counted, in milliseconds since 1970. */
  readonly countedAt: number;
}

const MS_PER_SEC = 1000;

/**
 * What one throttled mail slows down by, and one accepted mail makes up for. Together they tolerate about one throttled mail in
 * seven: beyond that the rate falls, below it the rate rises to the whole share again. So it follows an account that others use
 * as well, and does not give way to a throttle here and there.
 */
const SLOWER = 0.97;
const FASTER = 1.0051;
const MIN_FACTOR = 0.01;

/** Above this factor throttles are rare, and a mail that met one may go out again at once, at nobody's expense. */
const RARELY_THROTTLED = 0.9;

/** A worker's rate at first. It begins with nothing saved up, so that workers may come and go and never break the account's rate. */
export function startRate(sharePerSec: number, now: number): SendRate {
  return { sharePerSec, factor: 1, credit: 0, countedAt: now };
}

/**
 * The rate with what was saved up until now. That is at most what a second brings, so all workers together send at most what SES
 * takes: its rate, and a burst of a second's worth.
 *
 * @param isAwaited whether a mail waits for its turn; where the share is less than one a second, it saves up to a whole one, and
 * only then several workers may send a little more at once
 */
export function refill(rate: SendRate, now: number, isAwaited: boolean): SendRate {
  const most = isAwaited ? Math.max(1, rate.sharePerSec) : rate.sharePerSec;
  const saved = (Math.max(0, now - rate.countedAt) / MS_PER_SEC) * rate.sharePerSec * rate.factor;
  return { ...rate, credit: Math.min(most, rate.credit + saved), countedAt: now };
}

/** The rate with one mail's credit spent; undefined where there is not so much. */
export function spend(rate: SendRate): SendRate | undefined {
  return rate.credit >= 1 ? { ...rate, credit: rate.credit - 1 } : undefined;
}

/** The rate with one mail's credit given back. */
export function refund(rate: SendRate): SendRate {
  return { ...rate, credit: rate.credit + 1 };
}

/** How long until one mail's credit is saved up, in whole milliseconds. */
export function msUntilNext({ credit, sharePerSec, factor }: SendRate): number {
  return Math.max(1, Math.ceil(((1 - credit) / (sharePerSec * factor)) * MS_PER_SEC));
}

/** The rate after SES refused a mail for being too fast. The mail was not sent, so its credit comes back as long as that is rare. */
export function slowDown(rate: SendRate): SendRate {
  const slower = { ...rate, factor: Math.max(MIN_FACTOR, rate.factor * SLOWER) };
  return slower.factor >= RARELY_THROTTLED ? refund(slower) : slower;
}

/** The rate after SES took a mail. */
export function speedUp(rate: SendRate): SendRate {
  return rate.factor === 1 ? rate : { ...rate, factor: Math.min(1, rate.factor * FASTER) };
}

/** The rate with another share of the account. */
export function withShare(rate: SendRate, sharePerSec: number): SendRate {
  return rate.sharePerSec === sharePerSec ? rate : { ...rate, sharePerSec };
}
