import { type Instant, toInstant } from './time.ts';
import { daySchema } from './time-schemas.ts';

/** ISO 8601 as sources write it, with the liberties that they take. */
const ISO_LIKE =
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[Tt ](?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)? ?(?<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Parses a date or time from a source: `2026-01-02` and `2026-01-02T02:00:00+02:00` are `2026-01-02T00:00:00.000Z`. A time without a
 * zone is in UTC. Undefined for any other text.
 *
 * It accepts common departures from ISO 8601: `2026-1-2`, `2026-01-02 03:04`, `2026-01-02t03:04:05z`, `+0200`, `+02`.
 */
export function readInstant(text: string | undefined): Instant | undefined {
  const parts = ISO_LIKE.exec(text?.trim() ?? '')?.groups;
  if (!parts) return undefined;
  const { year, month = '', day = '', hour = '', minute = '00', second = '00', fraction = '' } = parts;
  const date = daySchema.safeParse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  if (!date.success) return undefined;
  const time = `${hour.padStart(2, '0')}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const atMs = Date.parse(`${date.data}T${time}${toOffset(parts.zone)}`);
  if (Number.isNaN(atMs)) return undefined;
  const instant = toInstant(atMs);
  // An offset may push the time out of the years 0 to 9999.
  return /^\d/.test(instant) ? instant : undefined;
}

/** Returns `+02:00` for `+02`, `+0200` and `+02:00`, and `Z` without a zone. */
function toOffset(zone = 'Z'): string {
  if (/^z$/i.test(zone)) return 'Z';
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}

/** A time as mails and feeds write it, with the liberties that they take. */
const MAIL_LIKE =
  /^(?:[A-Za-z]{3,9}\.?,?\s+)?(?<day>\d{1,2})\s+(?<month>[A-Za-z]{3})[a-z]*\.?\s+(?<year>\d{4}|\d{2})(?:\s+(?<time>\d{1,2}:\d{2}(?::\d{2})?)(?:\s+(?<zone>[A-Za-z]{1,4}|[+-]\d{2}:?\d{2}))?)?$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The zones of the format that have names, except those of UTC. */
const ZONES: Readonly<Record<string, string>> = {
  EST: '-0500',
  EDT: '-0400',
  CST: '-0600',
  CDT: '-0500',
  MST: '-0700',
  MDT: '-0600',
  PST: '-0800',
  PDT: '-0700',
};

/**
 * Parses a time in the format of mails and feeds: `Mon, 27 Apr 2026 00:00:00 -0400` is `2026-04-27T04:00:00.000Z`. A time without a
 * zone, or in an unknown one, is in UTC. A year of two digits is from 1950 to 2049. Undefined for any other text.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-4.3
 */
export function readMailTime(text: string | undefined): Instant | undefined {
  const parts = MAIL_LIKE.exec(text?.trim() ?? '')?.groups;
  if (!parts) return undefined;
  const { day = '', month = '', year = '', time = '00:00', zone = '' } = parts;
  const monthNumber = MONTHS.indexOf(month.toLowerCase()) + 1;
  const fullYear = year.length === 4 ? year : `${year < '50' ? 20 : 19}${year}`;
  const offset = /^[+-]/.test(zone) ? zone : (ZONES[zone.toUpperCase()] ?? 'Z');
  return readInstant(`${fullYear}-${monthNumber}-${day}T${time}${offset}`);
}
