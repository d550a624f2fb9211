import type { Day, Instant } from './time.ts';

/** Making a format costs fifty times what using it does, and there are a few hundred zones at most. */
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The calendar day of an instant in a time zone: `2026-01-06` for `2026-01-05T23:30:00.000Z` in Europe/Berlin. The UTC day in a
 * stored zone that this runtime does not know, so that every profile can be shown.
 */
export function localDayOf(instant: Instant, timeZone: string): Day {
  const parts = formatOf(timeZone).formatToParts(new Date(instant));
  const partOf = (type: string) => parts.find((part) => part.type === type)?.value;
  return `${partOf('year')}-${partOf('month')}-${partOf('day')}`;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = createFormat(timeZone);
  formats.set(timeZone, format);
  return format;
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return createFormat('UTC');
  }
}
