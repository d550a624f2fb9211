import { InvalidInputError } from '../shared/domain/errors.ts';
import { EARLIEST_DAY, NO_OLDER_PAPERS } from '../shared/domain/lists/listing.ts';
import { DELIVERY_RETENTION_DAYS } from '../shared/domain/retention.ts';
import {
  addDays,
  addMs,
  type Day,
  type Instant,
  type Month,
  MS_PER_HOUR,
  utcDayOf,
} from '../shared/domain/time/time.ts';
import { daySchema } from '../shared/domain/time/time-schemas.ts';

/**
 * @param example a day for the message
 * @throws InvalidInputError for a text that is no day
 */
export function parseDay(text: string, example: Day = '2026-01-06'): Day {
  if (!daySchema.safeParse(text).success)
    throw new InvalidInputError(`"${text}" is not a day. Enter one like ${example}.`);
  return text;
}

/** @throws InvalidInputError for a text that is no day, a day in the future, or a day before the first paper of arXiv */
export function parseFirstDay(text: string, now: Instant): Day {
  const day = parseDay(text);
  if (day > now) throw new InvalidInputError(`--from ${day} is still to come. Name an earlier day.`);
  if (day < EARLIEST_DAY)
    throw new InvalidInputError(`--from ${day}: ${NO_OLDER_PAPERS} Name ${EARLIEST_DAY} or a later day.`);
  return day;
}

/** @throws InvalidInputError for a text that is no month */
export function parseMonth(text: string): Month {
  if (!daySchema.safeParse(`${text}-01`).success)
    throw new InvalidInputError(`"${text}" is not a month. Enter one like 2026-01.`);
  return text;
}

/** The first time zone to begin a day is 14 hours ahead of UTC. */
const FIRST_ZONE_MS = 14 * MS_PER_HOUR;

/**
 * Parses a day that the ledger still keeps.
 *
 * @throws InvalidInputError for a text that is no day, a day in the future, or a day whose records have expired
 */
export function parseLedgerDay(text: string, now: Instant): Day {
  const day = parseDay(text, addDays(utcDayOf(now), -1));
  const today = utcDayOf(addMs(now, FIRST_ZONE_MS));
  if (day > today) throw new InvalidInputError(`${day} has not come yet. Enter ${today} or an earlier day.`);
  const oldest = addDays(today, 1 - DELIVERY_RETENTION_DAYS);
  if (day < oldest)
    throw new InvalidInputError(
      `Broadsheet keeps digests for ${DELIVERY_RETENTION_DAYS} days, so ${day} is too long ago. Enter ${oldest} or a later day.`,
    );
  return day;
}
