import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, MS_PER_DAY, MS_PER_HOUR, toEpochMs } from '../../domain/time.ts';
import type { LinkKey } from '../../subscribers/keys.ts';

/** Less than a person takes to fill in a form, even with the help of the browser. */
const SHORTEST_MS = 3_000;

/** As long as a tab may stay open. */
const LONGEST_MS = MS_PER_DAY;

/** For clocks of two functions that are apart. */
const CLOCK_SKEW_MS = MS_PER_HOUR;

/** When a form was shown, signed: `1767600000000.<signature>`. */
export function signStamp(key: LinkKey, now: Instant): string {
  const shownAt = String(toEpochMs(now));
  return `${shownAt}.${sign(key, shownAt)}`;
}

/** Whether a form comes back as a person sends it: after a moment, within a day, and from here. */
export function checkStamp(
  stamp: string,
  keys: readonly LinkKey[],
  now: Instant,
): 'fine' | 'too-quick' | 'unknown' {
  const [shownAt = '', signature = ''] = stamp.split('.');
  const isOurs = keys.some((key) => isSame(sign(key, shownAt), signature));
  const elapsedMs = toEpochMs(now) - Number(shownAt);
  if (!isOurs || elapsedMs > LONGEST_MS || elapsedMs < -CLOCK_SKEW_MS) return 'unknown';
  return elapsedMs < SHORTEST_MS ? 'too-quick' : 'fine';
}

function sign({ key, id }: LinkKey, shownAt: string): string {
  return createHmac('sha256', key).update(`form\n${id}\n${shownAt}`).digest('base64url');
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
