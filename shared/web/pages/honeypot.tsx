import type { FC } from 'hono/jsx';

/** A field that people do not see, nor hear read out; programs fill in all there are. */
export const HONEYPOT = 'website';

/** The field of that name, out of sight, out of the order of keys, and out of what is read out. */
export const Honeypot: FC = () => (
  <p class="aside" aria-hidden="true">
    <label for={HONEYPOT}>Leave this empty</label>
    <input id={HONEYPOT} name={HONEYPOT} tabindex={-1} autocomplete="off" />
  </p>
);
