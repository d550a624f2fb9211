import { addDays, type Day, isoWeekdayOf } from '../time/time.ts';
import type { Holidays, ListCalendar } from './list-calendar.ts';

/** The days of one year on which arXiv takes a holiday. */
interface DeferralYear {
  readonly year: number;
  /** Where arXiv publishes them. */
  readonly source: string;
  /** Days without a deadline for submissions, Monday to Friday, each with the name of the holiday for readers. */
  readonly days: Readonly<Record<Day, string>>;
}

/**
 * arXiv's holidays, as arXiv publishes them each winter for the new year. It may defer more announcements at short notice, and says so
 * on status.arxiv.org.
 */
const deferrals: readonly DeferralYear[] = [
  {
    year: 2025,
    source:
      'https://info.arxiv.org/help/availability.html in 2025. December: the table arXiv_holidays of arXiv’s own code',
    days: {
      '2025-01-01': 'US holiday (New Year’s Day)',
      '2025-01-20': 'US holiday (Martin Luther King Jr. Day)',
      '2025-06-19': 'US holiday (Juneteenth)',
      '2025-07-04': 'US holiday (Independence Day)',
      '2025-09-01': 'US holiday (Labor Day)',
      '2025-11-27': 'US holiday (Thanksgiving)',
      '2025-12-25': 'US holiday (Christmas)',
      '2025-12-30': 'arXiv’s winter break',
    },
  },
  {
    year: 2026,
    source: 'https://info.arxiv.org/help/availability.html in 2026',
    days: {
      '2026-01-01': 'US holiday (New Year’s Day)',
      '2026-01-19': 'US holiday (Martin Luther King Jr. Day)',
      '2026-06-19': 'US holiday (Juneteenth)',
      '2026-07-03': 'US holiday (Independence Day)',
      '2026-09-07': 'US holiday (Labor Day)',
      '2026-11-26': 'US holiday (Thanksgiving)',
      '2026-12-25': 'US holiday (Christmas)',
      '2026-12-29': 'arXiv’s winter break',
      '2026-12-31': 'arXiv’s winter break',
    },
  },
];

/**
 * Returns the day that has no batch because of a deferral. Papers of a deadline at 14:00 are announced at 20:00 that evening, and those
 * of a Friday on Sunday evening. The feeds have them from midnight on. So the batch of the next weekday is missing: that of Friday
 * after Thanksgiving, and that of Monday after a holiday on a Friday.
 */
function toDayWithoutBatch(deferral: Day): Day {
  const weekday = isoWeekdayOf(deferral);
  return addDays(deferral, weekday === 5 ? 3 : 1);
}

const holidays: Holidays = {
  years: deferrals.map(({ year }) => year),
  names: new Map(
    deferrals.flatMap(({ days }) =>
      Object.entries(days).map(([day, name]) => [toDayWithoutBatch(day), name] as const),
    ),
  ),
};

/**
 * The calendar of every arXiv list. The feeds are built at midnight in New York. Two hours later the batch is due, which is 8 o'clock in
 * Berlin in most weeks.
 *
 * @see https://info.arxiv.org/help/availability.html
 */
export const arxivCalendar: ListCalendar = {
  timeZone: 'America/New_York',
  weekdays: [1, 2, 3, 4, 5],
  dueHour: 2,
  holidays,
  mayBeEmpty: true,
};
