import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FC } from 'hono/jsx';
import { type Instant, MS_PER_DAY, MS_PER_HOUR, toEpochMs } from '../../domain/time.ts';
import type { Telemetry } from '../../observability.ts';
import type { LinkKey } from '../../subscribers/keys.ts';
import { type FormValues, firstOf } from './fields.tsx';

/** The name of a field that people neither see nor hear read out. Programs fill in every field. */
export const HONEYPOT = 'website';

/** What password managers look for before they fill in a field: 1Password, LastPass, Bitwarden, Dashlane. */
const LEAVE_EMPTY = {
  'data-1p-ignore': 'true',
  'data-lpignore': 'true',
  'data-bwignore': 'true',
  'data-form-type': 'other',
};

/** The field of that name, out of sight, out of the order of keys, and out of what is read out. */
export const Honeypot: FC = () => (
  <p class="aside" aria-hidden="true">
    <label for={HONEYPOT}>Leave this empty</label>
    <input id={HONEYPOT} name={HONEYPOT} tabindex={-1} autocomplete="off" {...LEAVE_EMPTY} />
  </p>
);

/**
 * Returns whether a form came with the hidden field filled in. If so, logs and counts it: somebody whose browser filled it in
 * gets no mail, and only the operator can find out why.
 */
export function reportFilledHoneypot(
  { telemetry }: { readonly telemetry: Telemetry },
  form: 'sign-up' | 'manage-link',
  values: FormValues,
): boolean {
  if (firstOf(values, HONEYPOT) === '') return false;
  telemetry.info('A form came with its hidden field filled in, so no mail is sent', { form });
  telemetry.count('FormsTrapped', 1);
  return true;
}

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
