import { timeZoneSchema, toTimeZoneId } from '../../../shared/domain/time-zone.ts';
import { quote } from '../csv/cells.ts';

/** A zone as a row has it, or UTC and why. */
interface ReadTimeZone {
  readonly timeZone: string;
  /** What the operator should know: the name in the file is not a time zone. */
  readonly note?: string;
}

/** What was read of a name: a file has few of them, and to check one takes longer than the rest of a row. */
const zones = new Map<string, ReadTimeZone>();
const MAX_REMEMBERED = 2_000;

/**
 * Reads the time zone of a row, with a note if UTC replaces it. An abbreviation like `IST` is not guessed at: it may mean India,
 * Ireland or Israel.
 *
 * @param name in any case
 * @default name 'UTC'
 */
export function readTimeZone(name = 'UTC'): ReadTimeZone {
  const known = zones.get(name);
  if (known) return known;
  const read = timeZoneSchema.safeParse(name).success
    ? { timeZone: toTimeZoneId(name) }
    : { timeZone: 'UTC', note: `the time zone ${quote(name)} is not known here: UTC is taken` };
  if (zones.size < MAX_REMEMBERED) zones.set(name, read);
  return read;
}
