import { expect, test } from '@jest/globals';
import { arxivCalendar } from '../../../../shared/domain/lists/arxiv-calendar.ts';
import {
  calendarDayOf,
  dueAt,
  findHoliday,
  isDue,
  isListingDay,
  knowsHolidaysOf,
  type ListCalendar,
  lastDueDay,
  lastListingDay,
  nextListingDay,
} from '../../../../shared/domain/lists/list-calendar.ts';
import { IRREGULAR } from '../../../../shared/domain/lists/lists.ts';
import { addDays, addMs, daysFrom, toEpochMs, toInstant } from '../../../../shared/domain/time/time.ts';
import { timeZoneSchema } from '../../../../shared/domain/time/time-zone.ts';
import { fc } from '../../../fast-check.ts';

test('arXiv has a batch on every weekday, less one for each holiday that it publishes', () => {
  const daysWithout = daysFrom('2026-01-01', '2026-12-31').filter(
    (day) => findHoliday(arxivCalendar, day) !== undefined,
  );

  // A holiday from Monday to Thursday cancels the announcement of its evening, one on a Friday that of Sunday evening.
  expect(daysWithout).toEqual([
    ...['2026-01-02', '2026-01-20', '2026-06-22', '2026-07-06'],
    ...['2026-09-08', '2026-11-27', '2026-12-28', '2026-12-30'],
  ]);
  expect(daysFrom('2026-01-01', '2026-12-31').filter((day) => isListingDay(arxivCalendar, day))).toHaveLength(
    261 - daysWithout.length,
  );
  expect(findHoliday(arxivCalendar, '2026-11-27')).toBe('US holiday (Thanksgiving)');
  expect(findHoliday(arxivCalendar, '2027-01-01')).toBe('arXiv’s winter break');
});

test.each([
  ['winter', '2026-01-05', '2026-01-05T07:00:00.000Z'],
  ['summer', '2026-07-07', '2026-07-07T06:00:00.000Z'],
  ['the Friday before summer time', '2026-03-06', '2026-03-06T07:00:00.000Z'],
  ['a day on which the hour does not exist', '2026-03-08', '2026-03-08T07:00:00.000Z'],
  ['the Monday after its start', '2026-03-09', '2026-03-09T06:00:00.000Z'],
  ['the day on which it ends', '2026-11-01', '2026-11-01T07:00:00.000Z'],
])('a batch of arXiv is due at 2 o’clock in New York: %s', (_, day, expected) => {
  expect(dueAt(arxivCalendar, day)).toBe(expected);
});

test.each([
  ['before the hour', '2026-11-24T06:59:59.999Z', '2026-11-23', '2026-11-24'],
  ['at the hour', '2026-11-24T07:00:00.000Z', '2026-11-24', '2026-11-25'],
  [
    'on the evening before, when it is the next day in UTC',
    '2026-11-25T01:00:00.000Z',
    '2026-11-24',
    '2026-11-25',
  ],
  ['on the day after Thanksgiving', '2026-11-27T15:00:00.000Z', '2026-11-26', '2026-11-30'],
  ['over the year’s end', '2027-01-02T15:00:00.000Z', '2026-12-31', '2027-01-04'],
])('a day is due from its hour on: %s', (_, now, last, next) => {
  expect(lastDueDay(arxivCalendar, now)).toBe(last);
  expect(nextListingDay(arxivCalendar, last)).toBe(next);
});

test('a list with irregular papers never has a day that is due', () => {
  expect(lastDueDay(IRREGULAR, '2026-11-27T15:00:00.000Z')).toBeUndefined();
  expect(nextListingDay(IRREGULAR, '2026-11-27')).toBeUndefined();
  expect(isListingDay(IRREGULAR, '2026-11-27')).toBe(false);
});

test('a year without data has no holidays, and the calendar says so', () => {
  expect(knowsHolidaysOf(arxivCalendar, 2026)).toBe(true);
  expect(knowsHolidaysOf(arxivCalendar, 2031)).toBe(false);
  expect(lastDueDay(arxivCalendar, '2031-01-01T15:00:00.000Z')).toBe('2031-01-01');
  expect(knowsHolidaysOf(IRREGULAR, 2031)).toBe(true);
});

// A new year must not break the build. The data comes from arXiv, usually in December.
test('names the year for which holidays have to be added', () => {
  const year = new Date().getUTCFullYear();
  if (!knowsHolidaysOf(arxivCalendar, year))
    process.stderr.write(`shared/domain/lists/arxiv-calendar.ts has no holidays of ${year}. Add them.\n`);
  expect(timeZoneSchema.safeParse(arxivCalendar.timeZone).success).toBe(true);
});

const calendars = fc.record({
  timeZone: fc.constantFrom(
    'America/New_York',
    'Etc/UTC',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
  ),
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  dueHour: fc.integer({ min: 0, max: 23 }),
  holidays: fc.uniqueArray(fc.integer({ min: 0, max: 700 }), { maxLength: 60 }).map((days) => ({
    years: [2026, 2027],
    names: new Map(days.map((count) => [addDays('2026-01-01', count), 'a holiday'])),
  })),
}) satisfies fc.Arbitrary<ListCalendar>;

const instants = fc
  .integer({ min: toEpochMs('2026-01-01T00:00:00.000Z'), max: toEpochMs('2027-12-31T00:00:00.000Z') })
  .map(toInstant);

test('of any calendar, the last due day is past, the next one is to come, and both move on with time', () => {
  fc.assert(
    fc.property(calendars, instants, instants, (calendar, a, b) => {
      const [earlier, later] = [a, b].sort() as [string, string];
      const due = lastDueDay(calendar, earlier) ?? '';
      const next = nextListingDay(calendar, due) ?? '';

      expect(isListingDay(calendar, due) && isListingDay(calendar, next)).toBe(true);
      expect(dueAt(calendar, due) <= earlier && earlier < dueAt(calendar, next)).toBe(true);
      expect(isDue(calendar, next, dueAt(calendar, next))).toBe(true);
      expect(isDue(calendar, next, addMs(dueAt(calendar, next), -1))).toBe(false);
      expect((lastDueDay(calendar, later) ?? '') >= due).toBe(true);
      expect(lastListingDay(calendar, addDays(next, -1))).toBe(due);
      expect(calendarDayOf(calendar, dueAt(calendar, next))).toBe(next);
    }),
    { numRuns: 150 },
  );
});
