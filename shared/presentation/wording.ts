import { onFirstUse } from '../domain/once.ts';
import { type Day, startOfDay } from '../domain/time/time.ts';
import { toTimeZoneText } from '../domain/time/time-zone-names.ts';

const numbers = onFirstUse(() => new Intl.NumberFormat('en'));
const compact = onFirstUse(
  () => new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }),
);
const conjunction = onFirstUse(() => new Intl.ListFormat('en-GB', { type: 'conjunction' }));
const dayParts = onFirstUse(
  () =>
    new Intl.DateTimeFormat('en', {
      timeZone: 'UTC',
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    }),
);

/** Returns a number with its noun: `1 author`, `3,303 authors`. */
export function toCountText(count: number, noun: string, pluralNoun = `${noun}s`): string {
  // Intl takes longer, and mails have many small numbers.
  const number = Number.isInteger(count) && count < 1000 ? String(count) : numbers().format(count);
  return `${number} ${count === 1 ? noun : pluralNoun}`;
}

/** Returns a number with its noun at the start of a text: `No papers`, `1 paper`, `20 papers`. */
export function toFirstCount(count: number, noun: string): string {
  return count === 0 ? `No ${noun}s` : toCountText(count, noun);
}

/** Returns a text with a capital as its first letter: `choose a day` becomes `Choose a day`. */
export function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Returns a text as a sentence: `choose a day` becomes `Choose a day.` */
export function toSentence(text: string): string {
  return `${capitalise(text)}${text.endsWith('.') ? '' : '.'}`;
}

/** Returns a rounded number: `87`, `1.2k`, `12.3k`, `1.5M`. */
export function toCompactNumber(count: number): string {
  return compact().format(count).replace('K', 'k');
}

/** A space at which no line ends. */
const NO_BREAK_SPACE = '\u00a0';

/** Separates facts on one line. A line may end after the dot but never begins with it. */
export const META_SEPARATOR = `${NO_BREAK_SPACE}· `;

/** Keeps a text of up to 24 characters on one line, such as "12 authors". A longer text may wrap. */
export function bindWords(text: string): string {
  return text.length <= 24 ? text.replaceAll(' ', NO_BREAK_SPACE) : text;
}

/** Joins words as in a sentence: `a`, `a and b`, `a, b and c`. After `max` words: `a, b and 4 more`. It leaves out two words or more. */
export function toListing(words: readonly string[], max = words.length): string {
  const hidden = words.length - max;
  if (hidden <= 1) return conjunction().format(words);
  return conjunction().format([...words.slice(0, max), `${numbers().format(hidden)} more`]);
}

/** Returns a day in full: `Wednesday 7 January 2026`. */
export function toLongDay(day: Day): string {
  if (day === lastLongDay.day) return lastLongDay.text;
  const { weekday, day: date, month, year } = toParts(day);
  lastLongDay = { day, text: `${weekday} ${date} ${month} ${year}` };
  return lastLongDay.text;
}

/** Returns a day without its weekday: `7 January 2026`. */
export function toDateText(day: Day): string {
  return toLongDay(day).replace(/^\w+ /, '');
}

/** The mails of a batch have the same day. */
let lastLongDay = { day: '', text: '' };

/** Returns a range of days: `4 to 6 January 2026`, `30 December 2025 to 2 January 2026`. A single day in full. */
export function toDaySpan(first: Day, last: Day): string {
  if (first === last) return toLongDay(last);
  const from = toParts(first);
  const to = toParts(last);
  const month = from.month !== to.month || from.year !== to.year ? ` ${from.month}` : '';
  const year = from.year !== to.year ? ` ${from.year}` : '';
  return `${from.day}${month}${year} to ${to.day} ${to.month} ${to.year}`;
}

/** Returns a day without its year if that is the year of `today`: `Wednesday 7 January`. */
export function toDayName(day: Day, today: Day): string {
  const long = toLongDay(day);
  return day.slice(0, 4) === today.slice(0, 4) ? long.slice(0, -5) : long;
}

/** Returns the month of a day: `January 2026`. */
export function toMonthText(day: Day): string {
  const { month, year } = toParts(day);
  return `${month} ${year}`;
}

/** Returns a short day: `5 Jan`, or `5 Jan 2025` if it is not in the year of `today`. */
export function toShortDay(day: Day, today: Day): string {
  const { day: date, month = '', year } = toParts(day);
  const short = `${date} ${month.slice(0, 3)}`;
  return day.slice(0, 4) === today.slice(0, 4) ? short : `${short} ${year}`;
}

/** Returns an hour of a day: `08:00`. */
export function toHourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** Returns a local hour with its time zone: `08:00 (America/New York)`. */
export function toZonedHourText(hour: number, timeZone: string): string {
  return `${toHourText(hour)} (${toTimeZoneText(timeZone)})`;
}

/** Returns the name of an ISO weekday: 1 is `Monday`, 7 is `Sunday`. */
export function toWeekdayName(isoWeekday: number): string {
  // The first of January 2024 was a Monday.
  return toParts(`2024-01-0${isoWeekday}`).weekday ?? '';
}

function toParts(day: Day): Partial<Record<string, string>> {
  return Object.fromEntries(
    dayParts()
      .formatToParts(new Date(startOfDay(day)))
      .map(({ type, value }) => [type, value]),
  );
}
