import type { StoredMessage } from '../../local/ses/message-store.ts';
import { type Instant, MS_PER_DAY, toEpochMs } from '../../shared/domain/time.ts';

/** What an account saw of a run. */
export interface Measured {
  readonly sent: number;
  /** Subscribers who got no mail. */
  readonly lost: number;
  /** Mails beyond the first to one subscriber. */
  readonly repeated: number;
  /** The fewest mails a second in any window of a minute. */
  readonly lowestRate: number;
  /** The most mails in any window of 24 hours. */
  readonly mostInADay: number;
}

const WINDOW_MS = 60_000;

/**
 * Measures a run by what was accepted.
 *
 * @param busy the time in which there was work for everybody, which is what the rate is measured in
 */
export function measure(
  messages: readonly StoredMessage[],
  digests: number,
  busy: { readonly from: Instant; readonly until: Instant },
): Measured {
  const times = messages.map(({ acceptedAt }) => toEpochMs(acceptedAt));
  const reached = new Set(messages.flatMap(({ destinations }) => destinations));
  return {
    sent: messages.length,
    lost: digests - reached.size,
    repeated: messages.length - reached.size,
    lowestRate: lowestRate(times, toEpochMs(busy.from), toEpochMs(busy.until)),
    mostInADay: mostWithin(times, MS_PER_DAY),
  };
}

/** A window holds the fewest when it begins just behind a mail, or at the start. */
function lowestRate(times: readonly number[], from: number, until: number): number {
  const starts = [from, ...times.filter((at) => at >= from).map((at) => at + 1)];
  const counts = starts
    .filter((start) => start + WINDOW_MS <= until)
    .map((start) => countBefore(times, start + WINDOW_MS) - countBefore(times, start));
  if (counts.length === 0) throw new Error('there was not work for everybody for as long as a window');
  return Math.min(...counts) / (WINDOW_MS / 1000);
}

function mostWithin(times: readonly number[], windowMs: number): number {
  return times.reduce(
    (most, at) => Math.max(most, countBefore(times, at + windowMs) - countBefore(times, at)),
    0,
  );
}

/** How many of some ascending times lie before a moment. */
function countBefore(times: readonly number[], moment: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
