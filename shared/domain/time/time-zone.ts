import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';
import * as z from '../zod.ts';
import { toTodaysName } from './time-zone-names.ts';

/** The form of an IANA name: words joined by slashes. It has no colon and no `#`, so timestamps and cohort keys do not match. */
const NAME = /^[a-z][a-z0-9_+-]*(?:\/[a-z0-9_+-]+)*$/i;
const MAX_NAME_CHARS = 64;

const EXPECTED = 'a time zone is an IANA name like "Europe/Berlin"';

/**
 * An IANA time zone name, current or former, in any case: `Europe/Berlin`, `Asia/Calcutta`, `Etc/GMT+2`. The library that computes
 * delivery times must know the zone. The schema uses its functions, which add 15 KB to a bundle. Its classes add 55 KB.
 *
 * Offsets like `+02:00`, abbreviations like `IST`, and `SystemV/PST8PDT` are invalid, although `Intl` knows some of them. The parsed name
 * is in IANA's case: `Europe/Berlin` for `europe/berlin`. A former name stays.
 */
export const timeZoneSchema = z.string().check(
  z.superRefine((name, context) => {
    if (!isTimeZone(name)) context.addIssue({ code: 'custom', message: explainTimeZone(name) });
  }),
  z.overwrite((name) => findTimeZoneId(name) ?? name),
);

/** The names of zones that exist, by their names in lower case. There are about 600, and the first check of one is slow. */
const knownTimeZones = new Map<string, string>();

function isTimeZone(name: string): boolean {
  return findTimeZoneId(name) !== undefined;
}

/** Returns a zone's name in IANA's case. Undefined if there is no such zone. */
function findTimeZoneId(name: string): string | undefined {
  if (name.length > MAX_NAME_CHARS || !NAME.test(name) || /^SystemV\//i.test(name)) return undefined;
  const key = name.toLowerCase();
  const known = knownTimeZones.get(key);
  if (known !== undefined) return known;
  try {
    const { timeZoneId } = ZonedDateTime.create(0n, name);
    knownTimeZones.set(key, timeZoneId);
    return timeZoneId;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** Returns what is expected, and why the text is invalid. */
function explainTimeZone(text: string): string {
  if (/^(?:(?:UTC?|GMT|Z)\s*)?[+\u2212-]\s*\d/i.test(text))
    return `${EXPECTED}. An offset does not follow summer time`;
  if (/^SystemV\//i.test(text)) return `${EXPECTED}. SystemV zones are not in the IANA database`;
  if (/^[a-z]{2,5}$/i.test(text)) return `${EXPECTED}. An abbreviation can mean several time zones`;
  return EXPECTED;
}

let offered: readonly string[] | undefined;

/** Returns the zones for a form: `UTC`, then the current names of all zones of this runtime, in alphabetical order. */
export function listTimeZones(): readonly string[] {
  offered ??= [
    'UTC',
    ...new Set(
      Intl.supportedValuesOf('timeZone')
        .map((name) => {
          const today = toTodaysName(name);
          // An old runtime may not know a name in the table.
          return today === name || isTimeZone(today) ? today : name;
        })
        .filter((name) => name !== 'UTC')
        .sort(),
    ),
  ];
  return offered;
}
