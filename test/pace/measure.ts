import type { StoredMessage } from '../../local/ses/message-store.ts';
import { type Instant, MS_PER_DAY, toEpochMs } from '../../shared/domain/time/time.ts';

/** The account's view of a run. */
export interface Measured {
  readonly sent: number;
  /** Subscribers who got no mail. */
  readonly lost: number;
  /** Mails to a subscriber after the first one. */
  readonly repeated: number;
  /** The fewest mails a second in any one-minute window. */
  readonly lowestRate: number;
  /** The most mails in any 24-hour window. */
  readonly mostInADay: number;
}

const WINDOW_MS = 60_000;

/**
 * Measures a run by its accepted mails.
 *
 * @param busy the time in which all workers had work. The rate is measured in it
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

/** A window with the fewest mails begins right after a mail, or at the start. */
function lowestRate(times: readonly number[], from: number, until: number): number {
  const starts = [from, ...times.filter((at) => at >= from).map((at) => at + 1)];
  const counts = starts
    .filter((start) => start + WINDOW_MS <= until)
    .map((start) => countBefore(times, start + WINDOW_MS) - countBefore(times, start));
  if (counts.length === 0) throw new Error('the workers had work for less than one window');
  return Math.min(...counts) / (WINDOW_MS / 1000);
}

function mostWithin(times: readonly number[], windowMs: number): number {
  return times.reduce(
    (most, at) => Math.max(most, countBefore(times, at + windowMs) - countBefore(times, at)),
    0,
  );
}

/** Returns how many of the ascending times are before a limit. */
function countBefore(times: readonly number[], limit: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
