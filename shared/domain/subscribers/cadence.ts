import {
  addDays,
  type Day,
  type Instant,
  isoWeekdayOf,
  MS_PER_DAY,
  monthOf,
  utcDayOf,
} from '../time/time.ts';

/** How often a subscription is mailed. */
export const cadences = ['instant', 'daily', 'weekly', 'monthly'] as const;

export type Cadence = (typeof cadences)[number];

/**
 * The day, week, month or tick that a digest is for. A subscriber gets one digest for each cadence and period. A period is a local day
 * `2026-01-05`, an ISO week `2026-W02`, a month `2026-01`, or for `instant` a tick `2026-01-05T08:15Z`.
 */
export type Period = string;

/**
 * How many days a digest looks back for papers that its subscriber has not been sent yet. It is longer than the cadence, so a missed
 * day or a late batch loses no paper. A weekly or monthly reader may lose some by a change to a later day, or to an hour of the day that
 * has passed. The next weekly digest then comes up to 14 days after the last one, but looks back nine.
 */
export const LOOK_BACK_DAYS: Readonly<Record<Cadence, number>> = {
  instant: 3,
  daily: 3,
  weekly: 9,
  monthly: 35,
};

/** Returns the period of a local day. */
export function periodOf(cadence: Exclude<Cadence, 'instant'>, day: Day): Period {
  switch (cadence) {
    case 'daily':
      return day;
    case 'weekly':
      return isoWeekOf(day);
    case 'monthly':
      return monthOf(day);
    default:
      return cadence satisfies never;
  }
}

/** Returns the earliest period of the digests of a local day or later. For `instant` it is the day, which sorts before its ticks. */
export function firstPeriodSince(cadence: Cadence, day: Day): Period {
  return cadence === 'instant' ? day : periodOf(cadence, day);
}

/**
 * How many days after its period a digest can still be made. A later one is of no use. It would look back from the day on which it is
 * made, and newer digests have those papers. A message may be on the queue for 4 days and a dead letter for 14. Daily and
 * instant digests have newer ones by then. The limit also says how many records of the ledger a digest reads.
 */
export const LATEST_DAYS: Readonly<Record<Cadence, number>> = {
  instant: 5,
  daily: 5,
  weekly: 18,
  monthly: 18,
};

/** Returns whether a digest is too late to be made. */
export function isTooLate(cadence: Cadence, period: Period, now: Instant): boolean {
  return period < firstPeriodSince(cadence, addDays(utcDayOf(now), -LATEST_DAYS[cadence]));
}

const THURSDAY = 4;

/**
 * Returns the ISO 8601 week of a day: `2026-W01`. Its year is the year of the week's Thursday, and week 1 has the year's first
 * Thursday. Written by hand because a Temporal date costs 28 µs to make. A test compares it with Temporal for fifty years.
 */
function isoWeekOf(day: Day): Period {
  const thursday = addDays(day, THURSDAY - isoWeekdayOf(day));
  const year = thursday.slice(0, 4);
  const dayOfYear = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / MS_PER_DAY;
  return `${year}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`;
}

/** The first and the last day of a period, both included. */
export interface DaySpan {
  readonly first: Day;
  readonly last: Day;
}

/**
 * Returns the days of a day, an ISO week or a month. Undefined for a text that is none of them, such as `2026-W54`, and for years before
 * 1000 or after 2999.
 */
export function findDaysOf(text: string): DaySpan | undefined {
  const [, year, week, month, day] = PERIOD.exec(text) ?? [];
  if (year === undefined) return undefined;
  if (week !== undefined) {
    // The fourth of January is always in week 1.
    const inWeek = addDays(`${year}-01-04`, (Number(week) - 1) * 7);
    const first = addDays(inWeek, 1 - isoWeekdayOf(inWeek));
    return isoWeekOf(first) === text ? { first, last: addDays(first, 6) } : undefined;
  }
  const last = lastDayOf(`${year}-${month}`);
  if (day === undefined) return { first: `${text}-01`, last };
  return day === '00' || text > last ? undefined : { first: text, last: text };
}

const PERIOD = /^([12]\d{3})-(?:W(\d\d)|(0[1-9]|1[0-2])(?:-(\d\d))?)$/;

/** Returns the last day of a month. Every month ends within 31 days of its first day. */
function lastDayOf(month: string): Day {
  const inNext = addDays(`${month}-01`, 31);
  return addDays(inNext, -Number(inNext.slice(8)));
}
