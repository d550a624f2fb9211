import type { FC } from 'hono/jsx';
import type { Telemetry } from '../../observability.ts';
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
