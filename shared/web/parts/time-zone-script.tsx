import { createHash } from 'node:crypto';
import { raw } from 'hono/html';
import type { FC } from 'hono/jsx';

/**
 * The only script of the pages. The browser knows the reader's time zone, and pages that caches keep cannot. It fills in the time zone
 * of a sign-up, and shows the next digest in local time. Without it, the page says the time in UTC, and the reader chooses the zone.
 */
export const SCRIPT = `(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const all = (selector) => [...document.querySelectorAll(selector)];
  for (const field of all('input[name=timeZone]')) field.value = zone;
  for (const link of all('.banner a[href^="/sign-up"]'))
    link.href += (link.search ? '&' : '?') + 'timeZone=' + encodeURIComponent(zone);
  const isSame = ({ value }) => Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone === zone;
  for (const list of all('select[data-guess]')) {
    const options = [...list.options];
    const found = options.find(({ value }) => value === zone) || options.find(isSame);
    if (found) found.selected = true;
  }
  for (const text of all('[data-next]')) {
    const { next: cadence, hour } = text.dataset;
    const now = new Date();
    const at = new Date(now);
    at.setHours(hour, 0, 0, 0);
    const isDue = () =>
      at > now && (cadence !== 'weekly' || at.getDay() === 1) && (cadence !== 'monthly' || at.getDate() === 1);
    while (!isDue()) at.setDate(at.getDate() + 1);
    const day = at.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).replace(',', '');
    text.textContent = day + ', ' + hour.padStart(2, '0') + ':00 (your time)';
  }
})();`;

/** The script. It comes after the fields that it fills in. */
export const TimeZoneScript: FC = () => <script>{raw(SCRIPT)}</script>;

/** Returns the source that allows the script, and no other, in a content security policy. */
export function toScriptSource(): string {
  return `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;
}
