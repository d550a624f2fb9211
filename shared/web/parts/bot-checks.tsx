import type { FC } from 'hono/jsx';
import { type Instant, MS_PER_DAY, MS_PER_HOUR, toEpochMs } from '../../domain/time/time.ts';
import { createHmacSigner, timingSafeEqualText } from '../../hmac.ts';
import type { Telemetry } from '../../observability.ts';
import type { LinkKey } from '../../subscribers/keys.ts';
import { type FormValues, firstOf } from './fields.tsx';

/** The name of a hidden field. People leave it empty, and bots fill in every field. */
export const HONEYPOT = 'website';

/** Attributes that keep 1Password, LastPass, Bitwarden and Dashlane from filling in the field. */
const LEAVE_EMPTY = {
  'data-1p-ignore': 'true',
  'data-lpignore': 'true',
  'data-bwignore': 'true',
  'data-form-type': 'other',
};

/** The hidden field. It is invisible, cannot get the focus, and is ignored by screen readers. */
export const Honeypot: FC = () => (
  <p class="aside" aria-hidden="true">
    <label for={HONEYPOT}>Leave this empty</label>
    <input id={HONEYPOT} name={HONEYPOT} tabindex={-1} autocomplete="off" {...LEAVE_EMPTY} />
  </p>
);

/**
 * Returns whether the hidden field of a form is filled in. If so, logs and counts it. A reader whose browser fills it in gets no
 * mail, and only the operator can find out why.
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

/** People need longer than this to fill in the form, even with autofill. */
const SHORTEST_MS = 3_000;

/** A tab may stay open this long. */
const LONGEST_MS = MS_PER_DAY;

/** The clocks of two functions may differ by this much. */
const STAMP_CLOCK_SKEW_MS = MS_PER_HOUR;

/** Returns the time at which a form was shown, signed: `1767600000000.<signature>`. */
export function signStamp(key: LinkKey, now: Instant): string {
  const shownAt = String(toEpochMs(now));
  return `${shownAt}.${sign(key, shownAt)}`;
}

/** Checks that a form is ours, and was sent at least three seconds and at most a day after it was shown. */
export function checkStamp(
  stamp: string,
  keys: readonly LinkKey[],
  now: Instant,
): 'fine' | 'too-quick' | 'unknown' {
  const [shownAt = '', signature = ''] = stamp.split('.');
  const isOurs = keys.some((key) => timingSafeEqualText(sign(key, shownAt), signature));
  const elapsedMs = toEpochMs(now) - Number(shownAt);
  if (!isOurs || elapsedMs > LONGEST_MS || elapsedMs < -STAMP_CLOCK_SKEW_MS) return 'unknown';
  return elapsedMs < SHORTEST_MS ? 'too-quick' : 'fine';
}

function sign({ key, id }: LinkKey, shownAt: string): string {
  return createHmacSigner(Buffer.from(key))(`form\n${id}\n${shownAt}`).toString('base64url');
}
