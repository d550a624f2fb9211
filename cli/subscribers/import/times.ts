import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { type Instant, MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import { timeZoneSchema } from '../../../shared/domain/time/time-zone.ts';
import { quote } from '../csv.ts';

/** Whether the first number of `03/04/2018` is the day or the month. */
export type DateOrder = 'day-first' | 'month-first';

/** A time of day as programs and spreadsheets write it: `10:57`, `10:57:02.5 AM`, and an offset or none. */
const CLOCK = String.raw`(?<clock>\d{1,2}[:.]\d\d(?:[:.]\d\d(?:\.\d{1,9})?)?) ?(?<half>[ap]\.? ?m\.?)? ?(?<offset>Z|UTC|[+-]\d\d(?::?\d\d)?)?`;
const YEAR_FIRST = new RegExp(
  String.raw`^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?:(?:[ T]|, )${CLOCK})?$`,
  'i',
);
const YEAR_LAST = new RegExp(
  String.raw`^(?<first>\d{1,2})(?<sign>[-/.])(?<second>\d{1,2})\k<sign>(?<year>\d{4}|\d\d)(?:,? ${CLOCK})?$`,
  'i',
);

/** A serial number of Excel: the days since 30 December 1899, for the years 1982 to 2119. */
const SERIAL = /^[3-7]\d{4}(?:[.,]\d+)?$/;
const SERIAL_START = Date.UTC(1899, 11, 30);

const EXPECTED = 'expected one like "2018-04-13 10:57:02", in UTC, or "2018-04-13T10:57:02Z"';

/**
 * Parses a time of another tool: ISO 8601, `2018-04-13 10:57:02`, a serial number of Excel, or a date of a spreadsheet, such as
 * `13.04.2018 10:57`. A time without an offset is in UTC. A date without a time means its midnight.
 *
 * @param order of day and month in `03/04/2018`; undefined if the file does not show it
 * @throws InvalidInputError for anything else, for an ambiguous date, and for a time in the future
 */
export function parseTime(text: string, now: Instant, order: DateOrder | undefined): Instant {
  const at = SERIAL.test(text) ? parseSerial(text) : parseDate(text, order);
  if (at === undefined) throw new InvalidInputError(`${quote(text)} is not a time: ${EXPECTED}`);
  if (at > now) throw new InvalidInputError(`${quote(text)} is in the future: expected a time in the past`);
  return at;
}

/** Whether `parseTime` can read a text, in either order of day and month. */
export function isTime(text: string): boolean {
  return SERIAL.test(text) || (['day-first', 'month-first'] as const).some((order) => parseDate(text, order));
}

function parseSerial(text: string): Instant {
  const days = Number(text.replace(',', '.'));
  // A double holds a fraction of a day to about a microsecond, so a second that was written is the nearest one.
  return new Date(SERIAL_START + Math.round((days * MS_PER_DAY) / 1000) * 1000).toISOString();
}

function parseDate(text: string, order: DateOrder | undefined): Instant | undefined {
  const groups = (YEAR_FIRST.exec(text) ?? YEAR_LAST.exec(text))?.groups;
  if (!groups) return undefined;
  const { first = '', second = '', sign, clock, half, offset } = groups;
  const isMonthFirst = sign !== undefined && isMonth(text, sign, Number(first), Number(second), order);
  const { day = isMonthFirst ? second : first, month = isMonthFirst ? first : second } = groups;
  const year = groups.year?.length === 2 ? `20${groups.year}` : groups.year;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${date}T${toClock(clock ?? '0:00', half)}${toOffset(offset)}`);
  // JavaScript reads 30 February as a day of March.
  const isReal = !Number.isNaN(at.getTime()) && new Date(`${date}T00:00Z`).toISOString().startsWith(date);
  return isReal ? at.toISOString() : undefined;
}

/** Whether the first of two numbers is the month. If they are separated by dots, the day comes first. */
function isMonth(
  text: string,
  sign: string,
  first: number,
  second: number,
  order: DateOrder | undefined,
): boolean {
  if (order !== undefined && first <= 12 && second <= 12) return order === 'month-first';
  if (first > 12 || second > 12) return second > 12;
  if (sign === '.' || first === second) return false;
  throw new InvalidInputError(
    `${quote(text)} can be two dates, and the file does not show which. Add --dates day-first or --dates month-first`,
  );
}

/** `10:57 PM` as `22:57`. */
function toClock(clock: string, half: string | undefined): string {
  const [hours = '', ...others] = clock.replaceAll('.', ':').split(':');
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/^p/i.test(half) ? 12 : 0);
  const [minutes, seconds, fraction] = others;
  return `${String(hour).padStart(2, '0')}:${minutes}${seconds ? `:${seconds}` : ''}${fraction ? `.${fraction}` : ''}`;
}

/** `+02` and `+0200` as `+02:00`. */
function toOffset(offset = 'Z'): string {
  if (!/^[+-]/.test(offset)) return 'Z';
  return offset.replace(/^(...):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`);
}

/** Returns the order of day and month that a date shows: `13/04/2018` has the day first. Undefined if it shows none. */
export function dateOrderOf(text: string): DateOrder | undefined {
  const { first, second, sign } = YEAR_LAST.exec(text)?.groups ?? {};
  if (sign === undefined || sign === '.') return undefined;
  if (Number(first) > 12) return 'day-first';
  return Number(second) > 12 ? 'month-first' : undefined;
}

/** A time zone of a row. */
interface ReadTimeZone {
  readonly timeZone: string;
  /** A note for the operator if the name in the file is not a time zone. */
  readonly note?: string;
}

/** A cache. A file has few names of zones, and checking one takes longer than the rest of its row. */
const zones = new Map<string, ReadTimeZone>();
const MAX_REMEMBERED = 2_000;

/**
 * Reads the time zone of a row, with a note if UTC replaces it. An abbreviation like `IST` is not guessed: it may mean India,
 * Ireland or Israel.
 *
 * @param name in any case
 * @default name 'UTC'
 */
export function readTimeZone(name = 'UTC'): ReadTimeZone {
  const known = zones.get(name);
  if (known) return known;
  const { data: timeZone } = timeZoneSchema.safeParse(name);
  const read = timeZone
    ? { timeZone }
    : { timeZone: 'UTC', note: `the time zone ${quote(name)} is unknown, so UTC is used` };
  if (zones.size < MAX_REMEMBERED) zones.set(name, read);
  return read;
}
