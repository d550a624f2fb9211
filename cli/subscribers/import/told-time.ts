import { InvalidInputError } from '../../../shared/domain/errors.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { quote } from '../csv/cells.ts';

/** A day and a time, with a blank or a `T` between them, and an offset or none. */
const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * The moment that another tool wrote down: `2018-04-13 10:57:02`, which is UTC without an offset, or ISO 8601.
 *
 * @throws InvalidInputError for anything else, and for what is still to come
 */
export function parseToldTime(text: string, now: Instant): Instant {
  const [, day, time = '', offset = 'Z'] = TIME.exec(text) ?? [];
  const zone = /^[+-]/.test(offset)
    ? offset.replace(/^(...):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`)
    : 'Z';
  const at = new Date(`${day}T${time}${zone}`);
  if (Number.isNaN(at.getTime()) || !isDayThere(day))
    throw new InvalidInputError(
      `${quote(text)} is no time: expected one like "2018-04-13 10:57:02", in UTC, or "2018-04-13T10:57:02Z"`,
    );
  const instant = at.toISOString();
  if (instant > now)
    throw new InvalidInputError(`${quote(text)} is still to come: expected a time before now`);
  return instant;
}

/** Whether the calendar has this day: the 30th of February is read as a day of March otherwise. */
function isDayThere(day = ''): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
